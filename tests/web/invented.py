"""What hypothesis invents for the rules' tests: the same every time, in no hurry."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import settings
from hypothesis import strategies as st

settings.register_profile("daftar", deadline=None, derandomize=True, max_examples=60)
settings.load_profile("daftar")

# Arabic letters with and without harakat, tatweel and hamza seats; Latin; digits; signs; bidi marks.
LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهويىةءأإآؤئٱگکی"
MARKS = "\u064b\u064e\u0651\u0652\u0670\u0640"
SIGNS = LETTERS + MARKS + "abcXYZéÇßİ 09٣۷²½،.:-+()\u200f\u202e\u2066\ufeff\u00ad\n\r\t"
texts = st.text(st.one_of(st.sampled_from(SIGNS), st.characters(exclude_categories=["Cs"])))
anything = st.text()
names = st.text(st.sampled_from(LETTERS + "abcMN "), min_size=1, max_size=24).filter(str.strip)
moments = st.datetimes(
    min_value=datetime(2026, 1, 1),
    max_value=datetime(2028, 12, 31),
    timezones=st.just(UTC),
).map(lambda moment: moment.replace(microsecond=0))
