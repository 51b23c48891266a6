"""Surface and tiles against the formulas of a network written out by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from playground.experiment.assemble import Assembly, assemble
from playground.experiment.config import Experiment
from playground.telemetry.evaluation import answers, chunks
from playground.telemetry.surface import Plane, grid, tile_side


def assembled(**experiment: Any) -> Assembly:
    return assemble(Experiment.parse(experiment))


def plane(assembly: Assembly) -> Plane:
    return Plane(assembly.dataset, assembly.network, assembly.trainer.loss)


def test_the_grid_begins_top_left_and_lies_in_cell_centres() -> None:
    points = grid([-6, 6, -3, 3], 3)
    assert points.tolist() == [
        [-4, 2], [0, 2], [4, 2],
        [-4, 0], [0, 0], [4, 0],
        [-4, -2], [0, -2], [4, -2],
    ]  # fmt: skip


def test_a_binary_surface_is_twice_the_probability_less_one() -> None:
    assembly = assembled(network={"hidden": []}, data={"standardize": False})
    layer = assembly.network.layers[0]
    layer.w[...], layer.b[...] = [[0.5], [-0.25]], 0.1
    found = plane(assembly).surface()
    r = found.scale["resolution"]
    centres = -6 + 12 * (np.arange(r) + 0.5) / r
    x1, x2 = np.meshgrid(centres, centres[::-1])
    probability = 1 / (1 + np.exp(-(0.5 * x1 - 0.25 * x2 + 0.1)))
    decoded = -1 + found.surface * (2 / 255)
    # Half a step of the 255, and no more.
    assert np.abs(decoded - (2 * probability - 1)).max() <= 1 / 255 + 1e-9


def test_a_regression_surface_is_scaled_to_the_targets_on_both_sides() -> None:
    assembly = assembled(data="plane")
    found = plane(assembly).surface()
    largest = max(np.abs(assembly.dataset.train.y).max(), np.abs(assembly.dataset.test.y).max())
    assert (found.scale["low"], found.scale["high"]) == (-largest, largest)
    assert found.scale["kind"] == "regression"


def test_targets_of_one_sign_are_scaled_to_their_own_range() -> None:
    assembly = assembled(data="diabetes")
    y = np.concatenate([assembly.dataset.train.y, assembly.dataset.test.y])
    scale = plane(assembly).surface().scale
    assert (scale["low"], scale["high"]) == (y.min(), y.max())


def test_one_input_gives_the_networks_curve() -> None:
    assembly = assembled(data="sine")
    found = plane(assembly).line()
    x = np.linspace(found.scale["extent"][0], found.scale["extent"][1], found.lines.shape[1])
    points = assembly.dataset.train.points
    a = (x[:, None] - points.mean()) / points.std()
    first, second, last = assembly.network.layers
    hidden = np.tanh(np.tanh(a @ first.w + first.b) @ second.w + second.b)
    np.testing.assert_allclose(found.lines[0], (hidden @ last.w + last.b)[:, 0], atol=1e-6)


def test_a_sigmoids_map_is_pale_at_one_half() -> None:
    assembly = assembled(network={"hidden": [{"units": 3, "activation": "sigmoid"}]})
    shown = Plane(
        assembly.dataset,
        assembly.network,
        assembly.trainer.loss,
        activations=["sigmoid", "linear"],
    ).tiles()
    assert shown is not None
    assert shown.tile_center.tolist() == [0, 0, 0.5, 0.5, 0.5, 0]
    layer = assembly.network.layers[0]
    z = assembly.dataset.inputs(grid([-6, 6, -6, 6], 16)) @ layer.w + layer.b
    decoded = 0.5 + (shown.tiles[2].astype(float) - 128) / 127 * shown.tile_scale[2]
    assert np.abs(decoded.ravel() - 1 / (1 + np.exp(-z[:, 0]))).max() <= 0.5 / 127


def test_several_classes_give_the_winner_and_how_sure_it_is() -> None:
    assembly = assembled(data={"name": "blobs", "classes": 3}, network={"hidden": []})
    found = plane(assembly).surface()
    x = assembly.dataset.inputs(grid([-6, 6, -6, 6], found.scale["resolution"]))
    layer = assembly.network.layers[0]
    exponents = np.exp(x @ layer.w + layer.b)
    softmax = exponents / exponents.sum(axis=1, keepdims=True)
    assert found.confidence is not None
    np.testing.assert_array_equal(found.surface.ravel(), softmax.argmax(axis=1))
    assert np.abs(found.confidence.ravel() / 255 - softmax.max(axis=1)).max() <= 0.5 / 255 + 1e-9
    order = np.sort(softmax, axis=1)
    assert found.second is not None
    assert found.second_confidence is not None
    second = found.second_confidence.ravel() / 255
    assert np.abs(second - order[:, 1]).max() <= 0.5 / 255 + 1e-9
    np.testing.assert_array_equal(found.second.ravel(), softmax.argsort(axis=1)[:, 1])


def test_a_units_tile_is_its_activation_over_the_plane() -> None:
    assembly = assembled()
    tiles = plane(assembly).tiles()
    assert tiles is not None
    x = assembly.dataset.inputs(grid([-6, 6, -6, 6], 16))
    first = assembly.network.layers[0]
    hidden = np.tanh(x @ first.w + first.b)
    decoded = (tiles.tiles.astype(float) - 128) / 127 * tiles.tile_scale[:, None, None]
    assert tiles.tiles.shape == (2 + 4 + 2 + 1, 16, 16)
    for unit in range(4):
        error = np.abs(decoded[2 + unit].ravel() - hidden[:, unit])
        assert error.max() <= 0.5 / 127 * tiles.tile_scale[2 + unit] + 1e-6
    np.testing.assert_allclose(decoded[0].ravel(), x[:, 0], atol=0.01 * tiles.tile_scale[0])


@pytest.mark.parametrize(("width", "side"), [(15, 16), (50, 12), (250, 8), (500, 5)])
def test_tiles_become_smaller_as_units_become_many(width: int, side: int) -> None:
    assert tile_side(assembled(network={"hidden": [{"units": width}] * 3}).network) == side


def test_a_network_of_thousands_of_units_has_no_tiles() -> None:
    assembly = assembled(network={"hidden": [{"units": 500}] * 7})
    assert plane(assembly).tiles() is None


def test_a_network_that_overflows_still_gives_bytes() -> None:
    assembly = assembled(network={"hidden": [{"units": 4, "activation": "relu"}]})
    assembly.network.parameters[...] = 1e308
    shown = plane(assembly)
    assert shown.surface().surface.dtype == np.uint8
    assert shown.tiles() is not None


def test_chunked_answers_are_the_answers() -> None:
    assembly = assembled(network={"hidden": [{"units": 512}] * 2})
    x = np.random.default_rng(0).normal(size=(700, 2))
    one_by_one = np.concatenate([assembly.network.predict(row[None]) for row in x])
    np.testing.assert_allclose(answers(assembly.network, x), one_by_one, atol=1e-12)


@pytest.mark.parametrize(("n", "size"), [(0, 4), (1, 4), (4, 4), (10, 4), (4096, 1000)])
def test_chunks_are_equally_long_and_cover_every_row(n: int, size: int) -> None:
    found = list(chunks(n, size))
    assert {row for part in found for row in range(part.start, part.stop)} == set(range(n))
    assert len({part.stop - part.start for part in found}) <= 1
