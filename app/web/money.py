"""The field for an amount of money."""

from __future__ import annotations

import re

from flask_babel import lazy_gettext as _
from wtforms import StringField

from app.web.forms import one_line, western


class MoneyField(StringField):
    """An amount in any digits, as a whole number of hundredths: ١٢٠٫٥٠, ١٢٠،٥٠, 120,5 and 1,200."""

    def _value(self) -> str:
        if isinstance(self.data, int):
            whole, part = divmod(self.data, 100)
            return f"{whole}.{part:02}" if part else str(whole)
        return str(self.raw_data[0]) if self.raw_data else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        text = (
            western(one_line(valuelist[0])).replace(" ", "").replace("،", ",") if valuelist else ""
        )
        self.data = None
        if not text:
            return
        text = re.sub(r",(?=\d{3}(\D|$))", "", text).replace(",", ".")
        match = re.fullmatch(r"(\d{1,6})(?:\.(\d{1,2}))?", text)
        if match is None:
            raise ValueError(str(_("Write an amount, such as 120 or 99.50.")))
        self.data = int(match[1]) * 100 + int((match[2] or "").ljust(2, "0") or 0)
