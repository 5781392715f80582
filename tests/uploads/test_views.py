"""How a file is handed out: nothing a stranger sent may run on our pages."""

import pytest
from django.test import RequestFactory

from caoyang_portal.uploads.views import serve

from .conftest import paper, photo


@pytest.mark.parametrize(
    ("make", "name", "way", "media_type"),
    [
        (photo, "我家.jpg", "inline", "image/jpeg"),
        (paper, "委托书.pdf", "attachment", "application/pdf"),
    ],
)
def test_pictures_show_and_papers_are_downloaded(take, make, name, way, media_type):
    response = serve(RequestFactory().get("/"), take(make(), name))
    headers = {k: v for k, v in response.headers.items() if k != "Content-Disposition"}
    assert response.headers["Content-Disposition"].startswith(f"{way}; filename*=UTF-8''%")
    assert headers == {
        "Content-Type": media_type,
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "private, no-store",
        "Cross-Origin-Resource-Policy": "same-origin",
    }


def test_a_picture_can_be_downloaded_too(take):
    response = serve(RequestFactory().get("/"), take(photo()), download=True)
    assert response.headers["Content-Disposition"].startswith("attachment")
