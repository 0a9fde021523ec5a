"""What is handed out: masks, tables, explanations, folded texts."""

from __future__ import annotations

import pytest
import reprints

NOTICE = (
    "The meeting of the gardeners is on 4 May at noon, in the hall behind the church. Bring seeds, pots and a chair. "
    "Whoever has a cart may help with the soil, of which there will be enough for all who come in time."
)
TEXTS = [NOTICE, "Another text.", NOTICE.replace("4 May", "5 May") + " There is tea."]


def test_a_mask_is_a_sequence() -> None:
    kept = reprints.keep(["One text.", "Another.", "One text"])
    assert (len(kept), list(kept), kept.indices()) == (3, [True, True, False], [0, 1])
    assert (kept[0], kept[-1], kept[1:]) == (True, False, [True, False])
    assert sum(kept) == 2
    with pytest.raises(IndexError, match="no text 3: there are 3"):
        kept[3]
    assert repr(kept) == "<reprints.Kept: 2 of 3 texts stay>"


def test_a_mask_filters_arrow_polars_and_pandas() -> None:
    pa, pl, pd = (pytest.importorskip(name) for name in ("pyarrow", "polars", "pandas"))
    rows = {"text": ["One text.", "Another.", "One text"]}
    kept = reprints.keep(rows["text"])
    assert pa.table(rows).filter(pa.array(kept)).num_rows == 2
    assert kept.to_pyarrow().to_pylist() == list(kept)
    assert pl.DataFrame(rows).filter(pl.Series(kept)).height == 2
    frame = pd.DataFrame(rows)
    assert len(frame[list(kept)]) == len(frame.iloc[kept.indices()]) == 2


def test_a_table_goes_to_arrow_polars_pandas_and_plain_python() -> None:
    pa, pl = (pytest.importorskip(name) for name in ("pyarrow", "polars"))
    result = reprints.dedup(TEXTS + TEXTS[:1])
    for table in (result.documents, result.clusters, result.passages, result.contained):
        assert pa.table(table).to_pylist() == table.to_pylist() == table.to_pyarrow().to_pylist()
        assert pl.DataFrame(table).rows(named=True) == list(table)
        assert pa.table(table).column_names == table.column_names
        assert len(table) == pa.table(table).num_rows
        assert pa.schema(table).names == table.column_names
    assert result.documents is result.documents
    with pytest.raises(KeyError, match="no column"):
        result.documents.column("text")


def test_explain_tells_what_two_documents_differ_in() -> None:
    told = reprints.dedup(TEXTS).explain("0", "2")
    number = next(difference for difference in told["differences"] if difference["kind"] in ("date", "number"))
    (start, end), (other_start, other_end) = number["a"], number["b"]
    assert "4" in TEXTS[0][start:end] and "5" in TEXTS[2][other_start:other_end]
    assert (number["a_text"], number["b_text"]) == (TEXTS[0][start:end], TEXTS[2][other_start:other_end])
    same = reprints.dedup(["One text.", "ONE TEXT"]).explain("0", "1")
    assert (same["a"], same["b"], same["relation"], same["similarity"]) == ("0", "1", "same-text", 1.0)


def test_a_folded_text_knows_where_it_came_from() -> None:
    text = "７ 月\n20日，資訊科技"
    folded = reprints.normalize(text)
    assert folded.text == "7月20日信息技术"
    assert len(folded) == len(folded.offsets) == len(folded.text)
    start = folded.text.index("月20")
    begin, end = folded.original(start, start + 3)
    assert text[begin:end] == "月\n20"
    assert folded.original(0, 0) == (0, 0)
    with pytest.raises(IndexError):
        folded.original(0, 99)
    assert reprints.normalize("😀 É!").offsets == [(2, 3)]


def test_a_fold_of_emoji_and_nothing_is_empty() -> None:
    assert (reprints.normalize("").text, reprints.normalize("").offsets) == ("", [])
