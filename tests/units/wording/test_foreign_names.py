"""Words of other tools: what is said of them has to be true of the operators that there are."""

from __future__ import annotations

import re

from archdsl.ops.registry import OPERATORS, called_elsewhere
from archdsl.syntax.errors.foreign_names import NOT_HERE, advice
from archdsl.syntax.keywords import ROLES, STATEMENTS
from archdsl.wording.forms import FORMS


def test_no_advice_is_given_for_what_is_an_operator() -> None:
    assert not [word for word in NOT_HERE if called_elsewhere(word) is not None]


def test_advice_names_operators_that_there_are() -> None:
    known = {*OPERATORS, *FORMS, *STATEMENTS, *ROLES, *"from archdsl bottleneck".split()}
    for word in NOT_HERE:
        for written in re.findall(r"`([^`]*)`", advice(word)):
            steps = [part.strip() for part in re.split(r"[;<>|]", written)]
            first = [re.match(r"[a-z_]{2,}(?![\w.=])", step) for step in steps]
            assert {match.group() for match in first if match is not None} <= known, (word, written)
