"""Everything that explains: what the page shows on hover and focus, and the manual prints."""

from __future__ import annotations

from functools import cache
from typing import Any

from playground.wire.formulary import FORMULARY
from playground.wire.mathml import tree
from playground.wire.terms import LETTERS, TERMS


@cache
def explanations() -> dict[str, Any]:
    """`kinds`: of each kind of part its letters and parts; `terms`: the page's own words."""
    return {
        "kinds": {
            kind: {
                "letters": LETTERS[kind],
                "parts": {
                    name: {"source": entry.source, "formulas": [tree(f) for f in entry.formulas]}
                    for name, entry in entries.items()
                },
            }
            for kind, entries in FORMULARY.items()
        },
        "terms": {
            name: {
                "title": term.title,
                "text": term.text,
                "formulas": [tree(formula) for formula in term.formulas],
            }
            for name, term in TERMS.items()
        },
    }
