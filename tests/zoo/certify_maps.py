"""Makes the name maps of `zoo/weights/`: finds them, proves each by equal outputs, and writes the record and its page.

    python tests/zoo/certify_maps.py [ENTRY …] [--stale] [--float32 MILLIONS]

Without names it does every entry; with `--stale` only those whose network changed since, or that were never tried. Networks of
more than 350 million parameters run in float32; `--float32` sets another number.
"""

from __future__ import annotations

import argparse
import gc
import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[2]), str(Path(__file__).resolve().parents[1])]

import torch  # noqa: E402
from helpers import map_certificate as certificate  # noqa: E402
from helpers.map_certificate import Proof, map_for, prove, twins_apart  # noqa: E402
from helpers.map_sources import Candidate, candidates, same_names  # noqa: E402

import archdsl  # noqa: E402
from archdsl.ir.digest import network_digest  # noqa: E402


def certify(candidate: Candidate, float32: int) -> dict[str, object] | None:
    """Try one candidate and keep what came out; its map where it is the same network."""
    arch = archdsl.load(candidate.entry)
    key = f"{candidate.entry} {candidate.source}"
    params = arch.cost().params
    assert isinstance(params, int)
    dtype = "float32" if params > float32 * 1_000_000 else "float64"
    try:
        found = map_for(candidate)
    except AssertionError as error:
        certificate.keep(key, Proof(network_digest(arch.network), candidate.library, 0, [], dtype, False, None, []))
        print(f"{key}: the tensors do not correspond: {str(error)[:200]}")
        return None
    proof = prove(candidate, found, dtype)
    if proof.is_same and candidate.library == "timm":
        twins = [twin.source for twin in same_names(candidate) if twins_apart(candidate, twin)]
        proof = proof._replace(also=twins)
        found["same_names"] = {candidate.source: twins} if twins else {}
    certificate.keep(key, proof)
    print(f"{key}: {proof.tensors} tensors, {proof.dtype}, error {proof.error:.1e}, {'same' if proof.is_same else 'ANOTHER'}")
    return found if proof.is_same else None


def is_stale(entry: str) -> bool:
    digest = network_digest(archdsl.load(entry).network)
    known = certificate.kept()
    wanted = [f"{one.entry} {one.source}" for one in candidates() if one.entry == entry]
    return any(key not in known or known[key].network != digest for key in wanted)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("entries", nargs="*")
    parser.add_argument("--stale", action="store_true")
    parser.add_argument("--float32", type=int, default=350)
    options = parser.parse_args()
    # Threads wait for one another longer than these small products take.
    torch.set_num_threads(1)
    every = candidates()
    entries = options.entries or sorted({one.entry for one in every})
    certificate.FOLDER.mkdir(exist_ok=True)
    for entry in entries:
        if options.stale and not is_stale(entry):
            continue
        maps = []
        for candidate in every:
            if candidate.entry == entry:
                found = certify(candidate, options.float32)
                maps += [] if found is None else [found]
                gc.collect()
        certificate.write_maps(entry, maps)
        certificate.PAGE.write_text(certificate.page(), encoding="utf-8")


if __name__ == "__main__":
    main()
