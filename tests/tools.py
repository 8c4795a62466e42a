"""Browsers, servers and proxies that a test may need: without one it is left out, or fails where all must run."""

from __future__ import annotations

import os
from collections import Counter
from typing import NoReturn

import pytest

LEFT_OUT = "Left out: "
NOT_CI = ("", "0", "false")


def everything_must_run() -> bool:
    """Whether what is missing is a failure: wherever CI is set."""
    return os.environ.get("CI", "").lower() not in NOT_CI


def leave_out(what: str) -> NoReturn:
    """Leave this test out for want of a tool; the end of the run says so."""
    assert not everything_must_run(), f"{what} Run tests/install-tools.sh, or unset CI."
    pytest.skip(LEFT_OUT + what)


def left_out(skipped: list[pytest.TestReport]) -> list[str]:
    """What the end of a run says of the tests that were left out: how many, and for want of what."""
    reasons = [report.longrepr[2] for report in skipped if isinstance(report.longrepr, tuple)]
    wanting = Counter(reason.partition(LEFT_OUT)[2] for reason in reasons if LEFT_OUT in reason)
    return [f"{number} left out: {what}" for what, number in sorted(wanting.items())]
