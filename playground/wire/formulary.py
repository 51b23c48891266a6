"""What each part is on paper: its formulas, and where it comes from. The contract tests know
whether a part is missing here.

Letters: z and a = φ(z) of a neuron, y the target, n examples, o outputs; θ parameters, g their
gradient, η the learning rate, t the step; i inputs and o units of a layer; e epochs, E all of them.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    """The formulas of a part, as `mathml.tree` reads them, and a reference."""

    source: str
    formulas: tuple[str, ...] = ()


_DEEP = "Goodfellow, Bengio and Courville, Deep Learning, 2016"
_PYTORCH = "as in PyTorch"
_TF = "TensorFlow Playground, Smilkov and Carter, 2016"
_SKLEARN = "from scikit-learn"
_DECAY = "with weight decay λ first θ ← (1 − ηλ) θ"

ACTIVATIONS = {
    "linear": Entry(_DEEP, ("φ(z) = z", "φ′(z) = 1")),
    "sigmoid": Entry(_DEEP, ("φ(z) = frac{1}{1 + e^{−z}}", "φ′(z) = a (1 − a)")),
    "tanh": Entry(
        "LeCun et al., Efficient BackProp, 1998",
        ("φ(z) = frac{e^z − e^{−z}}{e^z + e^{−z}}", "φ′(z) = 1 − a^2"),
    ),
    "relu": Entry(
        "Nair and Hinton, Rectified Linear Units, 2010",
        ("φ(z) = max(0, z)", "φ′(z) = cases{1 & z > 0; 0 & z ≤ 0}"),
    ),
    "leaky_relu": Entry(
        "Maas, Hannun and Ng, 2013; s is the negative slope",
        ("φ(z) = cases{z & z > 0; s z & z ≤ 0}", "φ′(z) = cases{1 & z > 0; s & z ≤ 0}"),
    ),
    "elu": Entry(
        "Clevert, Unterthiner and Hochreiter, 2015",
        (
            "φ(z) = cases{z & z > 0; α (e^z − 1) & z ≤ 0}",
            "φ′(z) = cases{1 & z > 0; a + α & z ≤ 0}",
        ),
    ),
    "selu": Entry(
        "Klambauer et al., Self-Normalizing Neural Networks, 2017; λ ≈ 1.0507, α ≈ 1.6733",
        (
            "φ(z) = cases{λ z & z > 0; λ α (e^z − 1) & z ≤ 0}",
            "φ′(z) = cases{λ & z > 0; a + λ α & z ≤ 0}",
        ),
    ),
    "gelu": Entry(
        "Hendrycks and Gimpel, 2016; Φ is the normal distribution function",
        ("φ(z) = z Φ(z)", "φ′(z) = Φ(z) + z frac{e^{− frac{z^2}{2}}}{sqrt{2 π}}"),
    ),
    "silu": Entry(
        "Elfwing, Uchibe and Doya, 2018; σ is the sigmoid",
        ("φ(z) = z σ(z)", "φ′(z) = a + σ(z) (1 − a)"),
    ),
    "mish": Entry(
        "Misra, 2019; σ is the sigmoid",
        (
            "φ(z) = z tanh(log(1 + e^z))",
            "φ′(z) = tanh(log(1 + e^z)) + z (1 − tanh(log(1 + e^z))^2) σ(z)",
        ),
    ),
    "softplus": Entry(
        "Dugas et al., 2001; σ is the sigmoid", ("φ(z) = log(1 + e^z)", "φ′(z) = σ(z)")
    ),
    "softsign": Entry(
        "Glorot and Bengio, 2010", ("φ(z) = frac{z}{1 + |z|}", "φ′(z) = (1 − |a|)^2")
    ),
    "sin": Entry(
        "Sitzmann et al., Implicit Neural Representations, 2020",
        ("φ(z) = sin(z)", "φ′(z) = cos(z)"),
    ),
    "hard_tanh": Entry(
        "Collobert, 2004",
        ("φ(z) = max(−1, min(1, z))", "φ′(z) = cases{1 & |z| < 1; 0 & |z| ≥ 1}"),
    ),
    "lecun_tanh": Entry(
        "LeCun et al., Efficient BackProp, 1998, section 4.4",
        (
            "φ(z) = 1.7159 tanh(frac{2}{3} z)",
            "φ′(z) = frac{2}{3} (1.7159 − frac{a^2}{1.7159})",
        ),
    ),
}

LOSSES = {
    "mse": Entry(_DEEP, ("L = frac{1}{n o} Σ (a − y)^2", "frac{∂L}{∂a} = frac{2}{n o} (a − y)")),
    "half_squared_error": Entry(
        _TF, ("L = frac{1}{2 n} Σ (a − y)^2", "frac{∂L}{∂a} = frac{1}{n} (a − y)")
    ),
    "signed_squared_error": Entry(
        _TF,
        (
            "L = frac{1}{2 n} Σ (a − t)^2 , t = 2 y − 1",
            "frac{∂L}{∂a} = frac{1}{n} (a − t)",
        ),
    ),
    "mae": Entry(
        _PYTORCH, ("L = frac{1}{n o} Σ |a − y|", "frac{∂L}{∂a} = frac{1}{n o} sign(a − y)")
    ),
    "huber": Entry(
        "Huber, Robust Estimation of a Location Parameter, 1964; δ is the setting delta",
        (
            "L = frac{1}{n o} Σ cases{frac{1}{2} r^2 & |r| ≤ δ; "
            "δ (|r| − frac{1}{2} δ) & |r| > δ} , r = a − y",
            "frac{∂L}{∂a} = frac{1}{n o} max(−δ, min(δ, a − y))",
        ),
    ),
    "binary_cross_entropy": Entry(
        f"{_DEEP}; computed from the logit z without overflow",
        (
            "L = − frac{1}{n} Σ ( y log(p) + (1 − y) log(1 − p) ) , p = σ(z)",
            "frac{∂L}{∂z} = frac{1}{n} (p − y)",
        ),
    ),
    "cross_entropy": Entry(
        f"{_DEEP}; y is 1 for the true class, else 0",
        (
            "L = − frac{1}{n} Σ y_k log(p_k) , p_k = frac{e^{z_k}}{Σ e^{z_j}}",
            "frac{∂L}{∂z_k} = frac{1}{n} (p_k − y_k)",
        ),
    ),
    "hinge": Entry(
        "Cortes and Vapnik, Support-Vector Networks, 1995",
        (
            "L = frac{1}{n} Σ max(0, 1 − t a) , t = 2 y − 1",
            "frac{∂L}{∂a} = cases{− frac{t}{n} & t a < 1; 0 & t a ≥ 1}",
        ),
    ),
}

_AVERAGES = ("m ← β_1 m + (1 − β_1) g", "v ← β_2 v + (1 − β_2) g^2")
_CORRECTED = ("hat{m} = frac{m}{1 − β_1^t} , hat{v} = frac{v}{1 − β_2^t}",)
_ADAM = "frac{hat{m}}{sqrt{hat{v}} + ε}"

OPTIMIZERS = {
    "sgd": Entry(
        f"Robbins and Monro, 1951; Polyak, 1964; {_PYTORCH}; momentum μ; Nesterov moves by "
        f"g + μv; {_DECAY}",
        ("v ← μ v + g", "θ ← θ − η v"),
    ),
    "adagrad": Entry(
        "Duchi, Hazan and Singer, 2011",
        ("v ← v + g^2", "θ ← θ − η frac{g}{sqrt{v} + ε}"),
    ),
    "rmsprop": Entry(
        f"Tieleman and Hinton, 2012; {_PYTORCH}; centered: v less the square of the mean of g",
        ("v ← α v + (1 − α) g^2", "θ ← θ − η frac{g}{sqrt{v} + ε}"),
    ),
    "adadelta": Entry(
        "Zeiler, 2012",
        (
            "v ← ρ v + (1 − ρ) g^2",
            "d = frac{sqrt{u + ε}}{sqrt{v + ε}} g",
            "u ← ρ u + (1 − ρ) d^2",
            "θ ← θ − η d",
        ),
    ),
    "adam": Entry("Kingma and Ba, 2014", (*_AVERAGES, *_CORRECTED, f"θ ← θ − η {_ADAM}")),
    "adamw": Entry(
        "Loshchilov and Hutter, Decoupled Weight Decay, 2017; λ is the weight decay",
        (*_AVERAGES, *_CORRECTED, f"θ ← (1 − η λ) θ − η {_ADAM}"),
    ),
    "nadam": Entry(
        f"Dozat, 2016; {_PYTORCH}; ψ is the momentum decay; {_DECAY}",
        (
            *_AVERAGES,
            "μ_t = β_1 (1 − frac{1}{2} 0.96^{t ψ})",
            "M = frac{μ_{t+1} m}{1 − μ_1 ⋯ μ_{t+1}} + frac{(1 − μ_t) g}{1 − μ_1 ⋯ μ_t}",
            "θ ← θ − η frac{M}{sqrt{hat{v}} + ε} , hat{v} = frac{v}{1 − β_2^t}",
        ),
    ),
    "lion": Entry(
        f"Chen et al., Symbolic Discovery of Optimization Algorithms, 2023; {_DECAY}",
        ("θ ← θ − η sign(β_1 m + (1 − β_1) g)", "m ← β_2 m + (1 − β_2) g"),
    ),
}

INITIALIZERS = {
    "zeros": Entry(_DEEP, ("w = 0",)),
    "constant": Entry(_DEEP, ("w = c",)),
    "normal": Entry("Gaussian of a fixed width s, the deviation", ("w ∼ N(0, s^2)",)),
    "uniform": Entry(f"{_TF}; l is the limit", ("w ∼ U(−l, l)",)),
    "lecun_normal": Entry("LeCun et al., Efficient BackProp, 1998", ("w ∼ N(0, frac{1}{i})",)),
    "glorot_uniform": Entry(
        "Glorot and Bengio, 2010", ("w ∼ U(−l, l) , l = sqrt{frac{6}{i + o}}",)
    ),
    "glorot_normal": Entry("Glorot and Bengio, 2010", ("w ∼ N(0, frac{2}{i + o})",)),
    "he_uniform": Entry("He et al., 2015", ("w ∼ U(−l, l) , l = sqrt{frac{6}{i}}",)),
    "he_normal": Entry("He et al., 2015", ("w ∼ N(0, frac{2}{i})",)),
    "orthogonal": Entry(
        "Saxe, McClelland and Ganguli, 2013; where i ≥ o, else W is turned; k is the gain",
        ("W^⊤ W = k^2 I",),
    ),
    "scaled_normal": Entry(
        "Poole et al., Exponential Expressivity, 2016",
        ("w ∼ N(0, frac{σ_w^2}{i})", "b ∼ N(0, σ_b^2)"),
    ),
}

_COSINE = "frac{1 + cos(π x)}{2}"

SCHEDULES = {
    "constant": Entry(_PYTORCH, ("η = η_0",)),
    "step": Entry(f"{_PYTORCH}; f the factor, every s epochs", ("η = η_0 f^{⌊frac{e}{s}⌋}",)),
    "exponential": Entry(f"{_PYTORCH}; f the factor", ("η = η_0 f^e",)),
    "cosine": Entry(
        "Loshchilov and Hutter, 2016; r the last factor",
        (f"η = η_0 ( r + (1 − r) {_COSINE} ) , x = frac{{e}}{{E}}",),
    ),
    "linear_warmup_cosine": Entry(
        "Goyal et al., 2017; s the first factor, r the last, W the epochs of warm-up",
        (
            "η = η_0 ( s + (1 − s) frac{e}{W} ) , e < W",
            f"η = η_0 ( r + (1 − r) {_COSINE} ) , x = frac{{e − W}}{{E − W}}",
        ),
    ),
    "one_cycle": Entry(
        "Smith and Topin, 2017; s the first factor, r the last, R the epochs of the rise",
        (
            f"η = η_0 ( 1 + (s − 1) {_COSINE} ) , x = frac{{e}}{{R}} , e < R",
            f"η = η_0 ( r + (1 − r) {_COSINE} ) , x = frac{{e − R}}{{E − R}}",
        ),
    ),
    "reduce_on_plateau": Entry(
        f"{_PYTORCH}; f the factor, when the loss has not fallen for more than the patience",
        ("η ← f η",),
    ),
}

NORMALIZATIONS = {
    "batch": Entry(
        "Ioffe and Szegedy, 2015; mean μ and variance σ² of a neuron over the batch",
        ("hat{z} = γ frac{z − μ}{sqrt{σ^2 + ε}} + β",),
    ),
    "layer": Entry(
        "Ba, Kiros and Hinton, 2016; mean μ and variance σ² of an example over the layer",
        ("hat{z} = γ frac{z − μ}{sqrt{σ^2 + ε}} + β",),
    ),
}

DATA_SETS = {
    **dict.fromkeys(("circle", "xor", "gauss", "spiral", "plane", "multi_gauss"), Entry(_TF)),
    "moons": Entry(_SKLEARN),
    "checkerboard": Entry("a common test: the finer the board, the harder"),
    "blobs": Entry("clouds, as of scikit-learn's make_blobs"),
    "sine": Entry("the first example of every course", ("y = sin(f x)",)),
    "iris": Entry(f"Fisher, 1936, {_SKLEARN}"),
    "wine": Entry(f"Forina et al., 1988, {_SKLEARN}"),
    "breast_cancer": Entry(f"Wolberg, Street and Mangasarian, 1995, {_SKLEARN}"),
    "digits": Entry(f"Alpaydin and Kaynak, 1998, {_SKLEARN}"),
    "diabetes": Entry(f"Efron et al., Least Angle Regression, 2004, {_SKLEARN}"),
    "drawn": Entry("you"),
    "mazur": Entry("Mazur, A Step by Step Backpropagation Example, 2015"),
    "csv": Entry("your file"),
}

FEATURES = {
    "x1": Entry(_TF, ("x_1",)),
    "x2": Entry(_TF, ("x_2",)),
    "x1_squared": Entry(_TF, ("x_1^2",)),
    "x2_squared": Entry(_TF, ("x_2^2",)),
    "x1_x2": Entry(_TF, ("x_1 x_2",)),
    "sin_x1": Entry(_TF, ("sin(x_1)",)),
    "sin_x2": Entry(_TF, ("sin(x_2)",)),
}

FORMULARY = {
    "activation": ACTIVATIONS,
    "loss": LOSSES,
    "optimizer": OPTIMIZERS,
    "initializer": INITIALIZERS,
    "schedule": SCHEDULES,
    "normalization": NORMALIZATIONS,
    "data set": DATA_SETS,
    "feature": FEATURES,
}
"""By kind and name."""
