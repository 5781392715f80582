"""Pairs of letters: what a text is found by, whatever was typed."""

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from caoyang_portal.bigrams import MOST_LETTERS, MOST_WORDS, words_of

LETTERS = "充电桩梯，。 \n'\\%_&|!():*<>ＡaÀ１1𠮷①㎡"


def asked(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()[0]


def found(text, word) -> bool:
    """Whether the index would bring ``text`` for ``word``."""
    return asked(
        "SELECT bigrams(plain_text(%s::text)) @@ bigrams_sought(plain_text(%s::text))", text, word
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("小区要装充电桩", "充电"),
        ("小区要装充电桩", "充电桩"),
        ("小区要装充电桩", "桩"),
        ("小区要装充电桩", "小"),
        ("桩", "桩"),
        ("ＷｉＦｉ １２３４５", "wifi"),
        ("Wi-Fi 12345", "１２３"),
        ("面积 20㎡", "20m2"),
        ("𠮷祥里的灯", "𠮷祥"),
        ("it's a\\b", "'s"),
        ("it's a\\b", "a\\b"),
    ],
)
def test_a_word_finds_its_text(text, word):
    assert found(text, word)


@pytest.mark.django_db
@pytest.mark.parametrize("word", ["电充", "充桩", "梯", "充电桩电", "x"])
def test_another_word_does_not(word):
    assert not found("小区要装充电桩", word)


@pytest.mark.django_db
def test_an_empty_text_has_no_pairs():
    assert asked("SELECT bigrams('')::text") == ""


class NothingIsMissed(TestCase):
    """Whatever stands in a text is found in it; the pairs may bring too much, never too little."""

    @settings(max_examples=150, deadline=None)
    @given(st.text(LETTERS, min_size=1, max_size=30), st.data())
    def test_every_part_of_a_text_finds_it(self, text, data):
        start = data.draw(st.integers(0, len(text) - 1))
        end = data.draw(st.integers(start + 1, len(text)))
        assert found(text, text[start:end])


def test_words_are_few_and_short_and_signs_are_none():
    assert words_of("  充电　桩 ，。 !! a\x00b ") == ["充电", "桩", "ab"]
    assert len(words_of("一 二 三 四 五 六")) == MOST_WORDS
    assert sum(map(len, words_of("长" * 500))) == MOST_LETTERS
