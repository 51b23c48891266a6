"""What exported scripts share whatever the library: constants, schedules, batches, the end."""

from __future__ import annotations

import re
import textwrap
import zlib
from collections.abc import Iterable, Mapping

from playground.base.errors import InputError
from playground.export import lifted
from playground.export.material import UNPACKED, WIDTH, Material, name_of, settings_of

_MODULES = ("argparse", "base64", "itertools", "json", "math", "zlib")

_HALF_COSINE = '''
def half_cosine(share, first, last):
    """From `first` to `last` along half a cosine wave, as `share` goes from 0 to 1; then `last`."""
    return last + (first - last) * 0.5 * (1 + math.cos(math.pi * min(share, 1.0)))
'''

SCHEDULES: dict[str, str] = {
    "constant": "",
    "step": '''
def schedule(epochs):
    """The factor on the learning rate: it drops every STEP_EPOCHS epochs."""
    return FACTOR ** math.floor(epochs / STEP_EPOCHS)
''',
    "exponential": '''
def schedule(epochs):
    """The factor on the learning rate: it falls by FACTOR in every epoch, smoothly."""
    return FACTOR**epochs
''',
    "cosine": f'''{_HALF_COSINE}

def schedule(epochs):
    """The factor on the learning rate: it falls along half a cosine wave."""
    return half_cosine(epochs / TOTAL_EPOCHS, 1, FINAL)
''',
    "linear_warmup_cosine": f'''{_HALF_COSINE}

def schedule(epochs):
    """The factor on the learning rate: it rises in a line, then falls along half a cosine wave."""
    warmup = TOTAL_EPOCHS * WARMUP_SHARE
    if epochs < warmup:
        return START + (1 - START) * epochs / warmup
    return half_cosine((epochs - warmup) / (TOTAL_EPOCHS - warmup), 1, FINAL)
''',
    "one_cycle": f'''{_HALF_COSINE}

def schedule(epochs):
    """The factor on the learning rate: up to its peak, then far below its start."""
    first, rise = 1 / START_DIVISOR, TOTAL_EPOCHS * RISE_SHARE
    if epochs < rise:
        return half_cosine(epochs / rise, first, 1)
    return half_cosine((epochs - rise) / (TOTAL_EPOCHS - rise), 1, first / FINAL_DIVISOR)
''',
    "reduce_on_plateau": '''
plateau = {"factor": 1.0, "best": math.inf, "bad_epochs": 0}


def schedule(epochs):
    """The factor on the learning rate: it drops when the watched loss has stopped falling."""
    return plateau["factor"]


def tell_schedule(watched_loss):
    """After each epoch."""
    if watched_loss < plateau["best"] * (1 - THRESHOLD):
        plateau.update(best=watched_loss, bad_epochs=0)
        return
    plateau["bad_epochs"] += 1
    if plateau["bad_epochs"] > PATIENCE:
        plateau.update(factor=plateau["factor"] * FACTOR, bad_epochs=0)
''',
}

TRAIN_NOTE = '"""Make `steps` updates; give each batch\'s loss, as it was before its update."""'

_MAIN = """
if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--epochs", type=int, default=EPOCHS, help="passes over the training set")
    parser.add_argument("--steps", type=int, help="updates to make, instead of --epochs")
    parser.add_argument("--out", help="write the trained weights there (.npz)")
    given = parser.parse_args()
    steps = given.epochs * STEPS_PER_EPOCH if given.steps is None else given.steps
    made = len(train(steps))
    if given.out:
        np.savez(given.out, **trained_weights())
    answer = {"steps": made, "epochs": made // STEPS_PER_EPOCH}
    answer["training_loss"] = mean_loss(x_train, y_train)
    answer["test_loss"] = TEST_LOSS
    print(json.dumps(answer))
"""


def schedule(m: Material) -> str:
    """The function `schedule`, and `tell_schedule` where a loss decides; none for a constant."""
    part = m.training.schedule
    text = SCHEDULES.get(name_of(part))
    return lifted.schedule(part) if text is None else text


def normalization(texts: Mapping[str, str], kind: str) -> str:
    """The text of a normalization; InputError where there is none."""
    if kind not in texts:
        raise InputError(f"{kind!r} normalization can't be exported yet", "network.hidden")
    return texts[kind]


def main_text(m: Material) -> str:
    """The command line of a script, and its last line of output, which is as `train` has it."""
    test = "mean_loss(x_test, y_test)" if "test" in m.splits else "None"
    return _MAIN.replace("TEST_LOSS", test)


def docstring(m: Material, needs: str) -> str:
    """What the script is."""
    about = textwrap.fill(
        f"A run of Backprop Playground as a script of its own, which needs only {needs}. It holds "
        "the run's examples and first weights, takes the same batches in the same order, and so "
        "repeats the run's numbers.",
        WIDTH,
    )
    usage = "    python THIS_FILE [--epochs N | --steps N] [--out WEIGHTS.npz]"
    return f'"""A {m.title}.\n\n{about}\n\n{usage}\n"""'


def constants(m: Material, blocks: Iterable[str]) -> str:
    """The numbers of the experiment that occur in `blocks`, one a line."""
    training, stop = m.training, m.training.stop
    known: dict[str, object] = {
        "SEED": m.experiment.seed,
        "EPOCHS": m.epochs,
        "BATCH_SIZE": training.batch_size,
        "LEARNING_RATE": training.learning_rate,
        "L1": training.l1,
        "L2": training.l2,
        "CLIP_VALUE": training.clip_value,
        "CLIP_NORM": training.clip_norm,
        "TARGET_LOSS": stop.target_loss,
        "STOP_PATIENCE": stop.patience,
    }
    for part in (training.optimizer, training.schedule, m.loss):
        known |= {name.upper(): value for name, value in settings_of(part).items()}
    words = set(re.findall(r"\b[A-Z][A-Z0-9_]*\b", "\n".join(blocks)))
    return "\n".join(
        f"{name} = {value!r}"
        for name, value in known.items()
        if name in words and isinstance(value, int | float)
    )


def stream(seed: str, name: str) -> str:
    """The engine's random stream called `name`, in NumPy's terms."""
    key = zlib.crc32(name.encode())
    return f"np.random.Generator(np.random.PCG64(np.random.SeedSequence([{seed}, {key}])))"


def batches(m: Material, order: str) -> str:
    """The function that deals the minibatches; `order` is the expression for an epoch's order."""
    if m.training.shuffle:
        return f'''
def batches():
    """Minibatches without end: the training set in a new order in each epoch."""
    shuffler = {stream("SEED", "shuffle")}
    while True:
        order = {order}
        for start in range(0, len(order), BATCH_SIZE):
            rows = order[start : start + BATCH_SIZE]
            yield x_train[rows], y_train[rows]
'''
    return '''
def batches():
    """Minibatches without end: the training set in its order, again and again."""
    while True:
        for start in range(0, len(x_train), BATCH_SIZE):
            yield x_train[start : start + BATCH_SIZE], y_train[start : start + BATCH_SIZE]
'''


def rate_text(m: Material) -> str:
    """The learning rate of a step, counted from 1."""
    if name_of(m.training.schedule) == "constant":
        return "LEARNING_RATE"
    return "LEARNING_RATE * schedule((step - 1) / STEPS_PER_EPOCH)"


def stop_text(m: Material, keep: str, bring_back: str) -> str:
    """The function that says after an epoch whether to stop; empty where nothing but the epochs
    decides. `keep` is an expression that copies the weights, `bring_back` the lines that put them
    back."""
    stop = m.training.stop
    if stop.patience is None:
        if stop.target_loss is None:
            return ""
        return '''
def should_stop(training_loss):
    """After each epoch: the loss is low enough."""
    return training_loss <= TARGET_LOSS
'''
    rules = ["training_loss <= TARGET_LOSS"] if stop.target_loss is not None else []
    rules.append('epoch - best["epoch"] >= STOP_PATIENCE')
    if stop.max_epochs is not None:
        rules.append("epoch >= EPOCHS")
    return f'''
best = {{"loss": math.inf, "epoch": 0, "weights": None}}


def should_stop(epoch, training_loss, watched_loss):
    """After each epoch: no lower loss for STOP_PATIENCE epochs; the best weights are kept."""
    if watched_loss < best["loss"]:
        best.update(loss=watched_loss, epoch=epoch)
        best["weights"] = {keep}
    return {" or ".join(rules)}


def bring_back_best():
    """Put the best epoch's weights back."""
{bring_back}
'''


def epoch_end(m: Material) -> list[str]:
    """What a training loop does after an epoch, without indentation."""
    lines = ["epoch = step // STEPS_PER_EPOCH", "training_loss = mean_loss(x_train, y_train)"]
    test = ""
    if "test" in m.splits:
        lines.append("test_loss = mean_loss(x_test, y_test)")
        test = ", test loss {test_loss}"
    lines.append(f'print(f"epoch {{epoch}}: training loss {{training_loss}}{test}")')
    if m.watched == "validation":
        lines.append("watched_loss = mean_loss(x_validation, y_validation)")
    elif m.watched:
        lines.append("watched_loss = training_loss")
    if m.has_plateau:
        lines.append("tell_schedule(watched_loss)")
    stop = m.training.stop
    if stop.patience is not None:
        lines.append("if should_stop(epoch, training_loss, watched_loss):")
        lines += ["    bring_back_best()", "    break"]
    elif stop.target_loss is not None:
        lines += ["if should_stop(training_loss):", "    break"]
    return lines


def examples_note(m: Material) -> str:
    """A comment above the examples: what their columns are."""
    names = m.dataset.feature_names
    columns = ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
    standardized = ", standardized" if m.experiment.data.standardize else ""
    note = f"The examples, as the network gets them: {columns}{standardized}."
    return textwrap.fill(note, WIDTH, initial_indent="# ", subsequent_indent="# ")


def function(signature: str, doc: str, start: list[str], loop: list[str], end: str) -> str:
    """A function: its first lines, of which the last begins a loop, the loop, what it returns."""
    lines = [doc, *start, *[f"    {line}" for line in loop], end]
    return f"def {signature}:\n" + "\n".join(f"    {line}" for line in lines)


def assembled(opening: str, blocks: Iterable[str], data: str, m: Material) -> str:
    """The script: what is imported and set, functions, then the run's numbers and the main part."""
    main = main_text(m)
    functions = [block.strip("\n") for block in blocks if block]
    if "unpacked(" in data:
        functions.append(UNPACKED.strip("\n"))
    text = "\n".join([*functions, data, main])
    found = (name for name in _MODULES if f"{name}." in text)
    imports = "\n".join(f"import {name}" for name in found)
    top = opening.replace("IMPORTS", imports) + "\n" + constants(m, [text])
    return "\n\n\n".join([top, *functions, data.strip("\n"), main.strip("\n")]) + "\n"
