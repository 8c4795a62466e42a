"""The pages of this folder's tests are in English; some things are done while a key is derived."""

from tests.accounts.held_turns import while_deriving
from tests.web.english import english

__all__ = ["english", "while_deriving"]
