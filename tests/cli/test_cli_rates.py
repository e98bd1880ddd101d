"""`aparte import rates`."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from aparte.app import open_store
from aparte.attribution.rates import Rate
from aparte.cli import cli


def test_rates_are_imported_and_each_row_that_is_not_is_told(tmp_path: Path) -> None:
    data, file = tmp_path / "data", tmp_path / "ecb.csv"
    run = CliRunner().invoke
    assert run(cli, ["site", "add", "shop", "--data", str(data)]).exit_code == 0
    file.write_text("Date;Devise;Taux\n2026-02-02;usd;0,92\n2026-02-30;usd;1\n2026-02-03;CHF;1.07\n;;\n", "utf-8")
    done = run(cli, ["import", "rates", str(file), "--data", str(data)])
    assert (done.exit_code, "2 rates, 1 refused" in done.output) == (0, True)
    assert "line 3: '2026-02-30' is no day" in done.output
    store = open_store(data)
    assert store.rates("shop") == [Rate("2026-02-02", "USD", "0.92"), Rate("2026-02-03", "CHF", "1.07")]
    store.close()
    file.write_text("day,currency\n2026-02-02,USD\n", "utf-8")
    assert "a column is missing" in str(run(cli, ["import", "rates", str(file), "--data", str(data)]).exception)
