"""What the portal says when it will not do something (婉拒)."""

from contextlib import contextmanager


class Refused(Exception):
    """An act the rules of the game do not allow now; the message is a sentence a resident can read."""


@contextmanager
def shown_on(form):
    """Turn a refusal into an error on ``form``, so that the page comes back filled."""
    try:
        yield
    except Refused as refusal:
        form.add_error(None, str(refusal))
