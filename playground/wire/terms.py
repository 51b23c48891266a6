"""What the page's own words and numbers mean: those that no part and no field explains.

A control or number of the page names its term; its explanation stands here and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Term:
    """A word of the page: what it means, for someone who meets it for the first time."""

    title: str
    text: str
    formulas: tuple[str, ...] = ()


TERMS = {
    "step": Term("Step", "Updates of the weights so far: one for each batch of examples."),
    "epoch": Term("Epoch", "How many times the network has seen the whole training set."),
    "training_loss": Term(
        "Training loss",
        "How wrong the network is on the examples it learns from: the mean over all of them, "
        "unsmoothed. It should fall.",
    ),
    "test_loss": Term(
        "Test loss",
        "The same on examples it never learns from. When it rises while the training loss falls, "
        "the network memorizes instead of learning.",
    ),
    "validation_loss": Term(
        "Validation loss",
        "The same on examples that are neither learned from nor kept for the test: patience and a "
        "plateau schedule watch it, so the test loss stays an honest one.",
    ),
    "score": Term(
        "Score",
        "For classes, the share of examples put in the right one; for values, R²: 1 is perfect, "
        "0 no better than always saying the mean.",
    ),
    "play": Term("Play or pause", "Train step after step, at the chosen speed. Key: space."),
    "one_step": Term("Step", "One update of the weights, then pause. Key: S."),
    "reset": Term(
        "Reset", "Back to step 0 and the very same first weights: the seed stays. Key: R."
    ),
    "new_start": Term(
        "New start",
        "Back to step 0 with other first weights and another sample: the next seed. Key: N.",
    ),
    "speed": Term(
        "Speed",
        "Steps a second; at the far end as fast as the server can. It changes how fast you "
        "watch, never what is learned.",
    ),
    "live": Term(
        "Connection",
        "Training runs on the server and goes on there when the connection is lost; the page "
        "finds it again by itself.",
    ),
    "band": Term(
        "Band of seeds",
        "The same network from many first weights at once, on the same data: the shaded band holds "
        "the middle eight of ten seeds (10 to 90 %), the dashed line is their median. 32 seeds "
        "cost about as much as six runs; One seed ends it.",
    ),
    "network": Term(
        "Network",
        "Each square is a neuron, and shows what it answers to every point of the plane: blue is "
        "positive, orange negative. Lines are weights: the stronger, the thicker. The dot at a "
        "corner is the bias.",
    ),
    "links_weights": Term(
        "Weights",
        "Lines are weights: blue is positive, orange negative; the stronger, the thicker.",
    ),
    "links_gradients": Term(
        "Gradients",
        "Lines show how hard the last batch pulled at each weight, whichever way: dark is hard, "
        "and each colour step is a power of ten.",
        ("|frac{∂L}{∂w}|",),
    ),
    "hidden_layers": Term(
        "Hidden layers",
        "The layers between input and output. More layers can bend the answer more often, but "
        "the gradient has a longer way back.",
    ),
    "inspected_layer": Term(
        "Layer",
        "Whose settings stand below: where its weights begin, its dropout, its normalization and "
        "its residual connection.",
    ),
    "surface": Term(
        "Output",
        "What the network answers at every point of the plane, with the examples drawn on it: "
        "filled are those it learns from, hollow those it is tested with.",
    ),
    "examples": Term(
        "Examples",
        "Single examples as pictures, with what the network takes each for and how sure it is.",
    ),
    "metrics": Term(
        "Metrics",
        "How good the answers are on each set, in the task's own measures; for classes also which "
        "are taken for which.",
    ),
    "discretize": Term(
        "Discretize output",
        "Show which side of the border each point falls on, without how sure the network is.",
    ),
    "test_points": Term("Test points", "Show the examples that are kept aside, as hollow marks."),
    "loss_curves": Term(
        "Loss curves",
        "Both losses over the steps, on a logarithmic scale: equal distances are equal factors.",
    ),
    "lab": Term(
        "Gradient lab",
        "How much of the error signal reaches each layer. A layer that receives almost nothing "
        "hardly learns: its gradient vanishes.",
    ),
    "lab_all": Term(
        "All",
        "Every instrument at once, a row a layer: over training, now, distributions, update ÷ "
        "weight.",
    ),
    "lab_norms": Term(
        "Norms", "One quantity of every layer, as lines over training and as a profile now."
    ),
    "lab_histograms": Term(
        "Histograms",
        "How the values of each layer are spread, and which share of its neurons is saturated or "
        "dead.",
    ),
    "lab_table": Term("Table", "The same in figures, with what each layer costs to compute."),
    "compare": Term(
        "Compare",
        "Up to three other networks beside this one, trained step for step on the same batches.",
    ),
    "distribution": Term(
        "Distribution",
        "Of which numbers the curves show how often each value occurs: answers, what arrives at "
        "the neurons, weights or their gradients.",
    ),
    "scenario": Term(
        "Lecture scenario",
        "A demonstration in a few scenes: an experiment, what to watch, and the outcome, ticked "
        "when it has come true.",
    ),
    "delta": Term(
        "Gradient norm over training",
        "For each layer: delta, what backpropagation carries, and dw, what moves the weights. "
        "Dark is large, pale is small; each colour step is a power of ten.",
        (
            "‖delta‖ = sqrt{frac{1}{n} Σ ‖frac{∂L}{∂z}‖^2}",
            "‖dw‖ = ‖frac{∂L}{∂w}‖",
        ),
    ),
    "activations_now": Term(
        "Activations now",
        "How often the neurons of a layer give each answer, right now. Heaps at both ends of "
        "tanh or sigmoid mean that it is saturated: its slope is nearly 0.",
    ),
    "update_ratio": Term(
        "Update ÷ weight",
        "How far one step moves a layer, compared with how large its weights are. About one in a "
        "thousand is healthy; far above it the layer jumps about, far below it stands still.",
        ("frac{‖Δ w‖}{‖w‖}",),
    ),
    "diagnosis": Term(
        "The coach",
        "Looks at gradients, neurons, losses and the rate a few times a second. It names what is "
        "wrong, with numbers, and offers cures that apply live; it is silent on a healthy run.",
    ),
    "new_sample": Term(
        "New sample", "Other examples of the same kind: the data's next seed. The network stays."
    ),
}

LETTERS = {
    "activation": "z is what arrives at the neuron, a = φ(z) what it answers",
    "loss": "a is the output, y the target; n examples, o outputs",
    "optimizer": "θ are weights and biases, g their gradient, η the learning rate, t the step",
    "initializer": "a layer has i inputs and o neurons",
    "schedule": "η is the rate, η₀ its base; e epochs are done, of E",
    "normalization": "γ and β are learned, ε is 10⁻⁵",
    "data set": "",
    "feature": "x₁ points right, x₂ up",
}
"""What the letters of a kind's formulas stand for."""
