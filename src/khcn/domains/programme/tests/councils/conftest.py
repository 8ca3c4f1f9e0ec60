"""The pipeline's small province, with people enough for councils."""

from khcn.domains.programme.tests.pipeline.conftest import (  # noqa: F401
    _cold_index,
    _rule_rows,
    cast,
    full_proposal,
    moment,
    plan,
    rules,
    today,
)
