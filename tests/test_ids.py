from caoyang_portal.ids import new_id


def test_ids_are_ordered_by_time_and_never_the_same():
    ids = [new_id() for _ in range(1000)]
    assert {u.version for u in ids} == {7}
    assert len(set(ids)) == 1000
    assert [u.int >> 80 for u in ids] == sorted(u.int >> 80 for u in ids)
