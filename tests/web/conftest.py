"""The door of most tests."""

import pytest
from door import Door


@pytest.fixture
def door() -> Door:
    """A site with the public key `demo` and the secret key `demo-secret`."""
    return Door()
