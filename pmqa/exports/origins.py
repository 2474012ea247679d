"""What of an edition is in its source, and what is this product's own choice: one list, for pages and files."""

from __future__ import annotations

import pandas as pd

from pmqa.framework import Framework
from pmqa.text import Translator


def origins_table(framework: Framework, t: Translator) -> pd.DataFrame:
    """A row for each part of the model, what is in the source first; headings and values in words."""
    listed = sorted(framework.origins, key=lambda origin: not origin.official)
    return pd.DataFrame(
        {
            t("exports.origins.what"): [t.pick(origin.what) for origin in listed],
            t("exports.origins.whose"): [_whose(t, official=origin.official) for origin in listed],
            t("exports.origins.source"): [t.pick(origin.source) for origin in listed],
        }
    )


def origin_lines(framework: Framework, about: str, t: Translator) -> tuple[str, ...]:
    """The same of one part (rules, concepts, items, intents, criteria, indicators) as at most two sentences."""
    return tuple(
        t("exports.origins.line", whose=_whose(t, official=official), what=" · ".join(named))
        for official in (True, False)
        if (named := [t.pick(o.what) for o in framework.origins if o.about == about and o.official == official])
    )


def _whose(t: Translator, *, official: bool) -> str:
    return t("exports.origins.official" if official else "exports.origins.own")
