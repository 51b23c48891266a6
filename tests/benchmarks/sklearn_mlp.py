"""scikit-learn: `partial_fit` of its multi-layer perceptron, a batch a call."""

from __future__ import annotations

import warnings

from contender import Epochs, Train, compete
from nets import RATE, Net
from sklearn.neural_network import MLPClassifier

NAMES = {"tanh": "tanh", "sigmoid": "logistic", "relu": "relu"}


def prepare(net: Net, dtype: str, form: str) -> Train:
    """No momentum and no penalty, as the others."""
    warnings.filterwarnings("ignore")
    model = MLPClassifier(
        net.widths[1:-1],
        activation=NAMES[net.activation],
        solver="adam" if net.adam else "sgd",
        alpha=0,
        learning_rate_init=RATE,
        momentum=0,
        nesterovs_momentum=False,
        random_state=0,
    )
    classes = range(max(2, net.widths[-1]))
    epochs = Epochs(net, dtype)
    xs, ys = epochs.deal()
    at = 0

    def train(steps: int) -> None:
        nonlocal xs, ys, at
        for _ in range(steps):
            if at == epochs.count:
                xs, ys = epochs.deal()
                at = 0
            y = ys[at]
            labels = y[:, 0] if y.shape[1] == 1 else y.argmax(axis=1)
            model.partial_fit(xs[at], labels, classes=classes)
            at += 1

    return train


if __name__ == "__main__":
    compete(prepare)
