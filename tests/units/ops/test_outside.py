"""An operator that an installed package brings: the package of the page, found by its entry point, held to the laws."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from helpers.folders import ROOT

import archdsl
from archdsl.diagnostics import Refusal
from archdsl.ops import outside

PAGE = (ROOT / "grammar" / "operators.md").read_text(encoding="utf-8")
MODULE, SUPPORT = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
(TEXT,) = re.findall(r"^```text\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
(POINT,) = re.findall(r'^softclip = "(.*)"$', PAGE, re.MULTILINE)


def install(folder: Path, module: str = MODULE) -> None:
    """What an installer leaves: a package, and its metadata with the entry point."""
    package, facts = folder / "softclip", folder / "softclip-1.0.dist-info"
    (package / "support").mkdir(parents=True)
    facts.mkdir()
    (package / "__init__.py").write_text("")
    (package / "operators.py").write_text(module)
    (package / "support" / "softclip.py").write_text(SUPPORT)
    (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: softclip\nVersion: 1.0\n")
    (facts / "entry_points.txt").write_text(f"[{outside.GROUP}]\nsoftclip = {POINT}\n")


def forget() -> None:
    outside.families.cache_clear()
    outside.operators.cache_clear()
    for name in [name for name in sys.modules if name.partition(".")[0] == "softclip"]:
        del sys.modules[name]
    importlib.invalidate_caches()


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    install(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    forget()
    yield tmp_path
    forget()


@pytest.mark.usefixtures("installed")
def test_it_is_used_like_ours() -> None:
    arch = archdsl.loads(TEXT)
    assert arch.cost().out == (8, 16, 16)
    assert [row.caption for row in arch.cost().rows] == ["conv 3x3, 8", "softclip 3"]
    assert "def softclip(" in arch.source()


@pytest.mark.usefixtures("installed")
def test_it_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    from archdsl.cli.main import main

    assert main(["explain", "softclip"]) == 0
    assert "limit * tanh(x / limit)" in capsys.readouterr().out


@pytest.mark.usefixtures("installed")
def test_its_mistakes_are_told_like_ours() -> None:
    with pytest.raises(archdsl.ArchError, match="`limit` of `softclip` must be a number above 0"):
        archdsl.loads(TEXT.replace("softclip 3", "softclip (-3)"))


@pytest.mark.usefixtures("installed")
def test_a_definition_of_its_name_keeps_its_meaning() -> None:
    assert archdsl.loads("arch t\ninput x[8, 16, 16]\ndef softclip(c) < conv 1x1 c >\nsoftclip(3)\n").cost().out == (3, 16, 16)


@pytest.mark.torch
@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("shape", [(6,), (5, 8), (8, 11, 13)])
def test_every_law_holds_for_it(shape: tuple[int, ...]) -> None:
    from samples import Sample

    test_ops, test_receptive_field = (importlib.import_module(f"laws.{name}") for name in ("test_ops", "test_receptive_field"))

    sample = Sample("softclip", (shape,), {"limit": 2})
    laws: tuple[Any, ...] = (
        *(test_ops.test_shape, test_ops.test_parameters, test_ops.test_macs, test_ops.test_saved, test_ops.test_is_view),
        *(test_ops.test_one_lowering_serves_every_size, test_ops.test_free_sizes, test_receptive_field.test_receptive_field),
    )
    for law in laws:
        law(sample)


@pytest.mark.torch
@pytest.mark.usefixtures("installed")
def test_its_module_runs() -> None:
    import torch

    module: Any = archdsl.loads(TEXT).module()
    x = torch.randn(2, 8, 16, 16)
    torch.testing.assert_close(module(x), 3 * (module.conv1(x) / 3).tanh())


@pytest.mark.parametrize(
    ("module", "says"),
    [
        ("import no_such_package\n", "cannot be imported: ModuleNotFoundError"),
        ("OPERATORS = ['relu']\n", "must be a tuple of them"),
        (MODULE.replace('name="softclip"', 'name="relu"'), "there is one of this name"),
        (MODULE.replace("    view=lambda s: POINT,\n", ""), "cannot be imported: TypeError"),
    ],
)
def test_a_package_that_is_wrong_is_named(module: str, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, module)
    monkeypatch.syspath_prepend(str(tmp_path))
    forget()
    with pytest.raises(Refusal, match=says):
        archdsl.loads("arch t\ninput x[8, 16, 16]\nno_such_step 3\n")
    # What is ours is found without it.
    assert archdsl.loads("arch t\ninput x[8, 16, 16]\nrelu\n").cost().out == (8, 16, 16)
    forget()


def test_nothing_is_looked_for_while_every_name_is_known() -> None:
    text = "arch t\\ninput x[8, 16, 16]\\ndef unit(c) < conv 3x3 c ; bn ; relu >\\nunit(8) ; each rows < linear 4 >\\n"
    code = f"import sys, archdsl; archdsl.loads('{text}').cost().macs; assert 'importlib.metadata' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
