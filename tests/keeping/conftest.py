"""The pages of this folder's tests are in English."""

from tests.web.english import english

__all__ = ["english"]
