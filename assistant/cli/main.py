"""``quartermaster``: every command, its options, and one clear line when something is wrong."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.console import Console

from assistant.settings import Settings

app = typer.Typer(
    name="quartermaster",
    help="The assistant that a small business asks about its stock.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
errors = Console(stderr=True, highlight=False)

ShopDatabase = Annotated[str, typer.Option("--shop-db", help="Database URL (SQLite or PostgreSQL).")]
Now = Annotated[str, typer.Option("--now", help="Freeze the clock: an ISO date and time.")]
UserName = Annotated[str, typer.Option("--user", help="Who is speaking.")]


class Trouble(Exception):
    """Something that the person at the keyboard can mend; its text is the one line they get."""


def settings_for(shop_db: str = "", now: str = "") -> Settings:
    """The settings, with what the command line says instead."""
    try:
        found = Settings()
        frozen = datetime.fromisoformat(now) if now else found.now
    except ValidationError as error:
        first = error.errors()[0]
        name = "QUARTERMASTER_" + str(first["loc"][0]).upper()
        raise Trouble(f"{name}: {first['msg'].removeprefix('Value error, ')}") from error
    except ValueError as error:
        raise Trouble(f"--now {now!r} is no ISO date and time; write 2026-03-16T09:00") from error
    return found.model_copy(update={"now": frozen, "database_url": shop_db or found.database_url})


@app.command()
def demo(
    host: Annotated[str, typer.Option(help="Address to serve on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to serve on.")] = 8000,
    now: Now = "",
) -> None:
    """Make a sample shop on first start and serve web chat, dashboard and API."""
    from assistant.cli.serving import serve_demo

    serve_demo(settings_for(now=now), host, port)


@app.command()
def serve(
    shop_db: ShopDatabase = "",
    host: Annotated[str, typer.Option(help="Address to serve on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to serve on.")] = 8000,
    now: Now = "",
) -> None:
    """Serve the web app, the API and every connector that is configured."""
    from assistant.cli.serving import serve_shop

    serve_shop(settings_for(shop_db, now), host, port)


@app.command()
def chat(user: UserName = "", shop_db: ShopDatabase = "", now: Now = "") -> None:
    """Talk in the terminal."""
    from assistant.cli.talking import talk

    talk(settings_for(shop_db, now), user)


@app.command()
def ask(
    text: Annotated[str, typer.Argument(help="What to say.")],
    user: UserName = "",
    conversation: Annotated[str, typer.Option(help="The conversation that this continues.")] = "terminal",
    as_json: Annotated[bool, typer.Option("--json", help="Answer as the API does.")] = False,
    shop_db: ShopDatabase = "",
    now: Now = "",
) -> None:
    """One message, one reply."""
    from assistant.cli.talking import ask_once

    ask_once(settings_for(shop_db, now), text, user=user, conversation=conversation, as_json=as_json)


@app.command(name="import")
def import_(
    path: Annotated[Path, typer.Argument(help="A shop folder, or a CSV or XLSX file.")],
    format_: Annotated[
        str, typer.Option("--format", help="auto, shop, online-retail, shopify, square or table.")
    ] = "auto",
    mapping: Annotated[Path | None, typer.Option(help="Which column is what (TOML or JSON).")] = None,
    keep_good: Annotated[
        bool, typer.Option("--keep-good", help="Load the good rows, refuse only the bad.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check everything, write nothing.")] = False,
    report: Annotated[Path | None, typer.Option(help="Where to write the refused rows.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
    shop_db: ShopDatabase = "",
    now: Now = "",
) -> None:
    """Load a shop folder or an export; say what was read, what was refused and why."""
    from assistant.cli.data import import_data

    import_data(
        settings_for(shop_db, now),
        path,
        {
            "format": format_,
            "mapping": mapping,
            "keep_good": keep_good,
            "dry_run": dry_run,
            "report_path": report,
        },
        as_json=as_json,
    )


@app.command(name="undo-import")
def undo_import(
    import_id: Annotated[int, typer.Argument(help="The number that the import printed.")],
    shop_db: ShopDatabase = "",
    now: Now = "",
) -> None:
    """Take a whole import back."""
    from assistant.cli.data import undo_import_data

    undo_import_data(settings_for(shop_db, now), import_id)


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(help="Where to write the shop folder.")],
    shop_db: ShopDatabase = "",
    now: Now = "",
) -> None:
    """Write the whole shop as a folder that imports back to the same shop."""
    from assistant.cli.data import export_data

    export_data(settings_for(shop_db, now), folder)


@app.command()
def parse(
    shop_db: ShopDatabase = "",
    now: Now = "",
    as_json: Annotated[bool, typer.Option("--json", help="JSON lines out (the only form).")] = True,
) -> None:
    """Read JSON lines of messages on standard input; write how each is understood."""
    from assistant.cli.talking import parse_lines

    _ = as_json
    parse_lines(settings_for(shop_db, now), sys.stdin, sys.stdout)


@app.command()
def train(
    input_: Annotated[Path, typer.Option("--input", help='JSON lines {"text", "intent"}.')],
    evaluate: Annotated[Path, typer.Option(help="JSON lines of the same form to score on.")],
) -> None:
    """Train the classifier on any labelled sentences and print its scores as JSON."""
    from assistant.cli.data import train_classifier

    typer.echo(json.dumps(train_classifier(input_, evaluate)))


@app.command()
def mine(
    input_: Annotated[Path, typer.Option("--input", help='JSON lines {"id", "text"}.')],
    catalogue: Annotated[
        Path | None, typer.Option(help="A JSON list of products; else the database's.")
    ] = None,
    shop_db: ShopDatabase = "",
    now: Now = "",
) -> None:
    """Read what customers say; write the demand signals of each text as JSON lines."""
    from assistant.cli.mining import mine_file

    mine_file(settings_for(shop_db, now), input_, catalogue, sys.stdout)


@app.command()
def learn(
    file: Annotated[Path | None, typer.Argument(help="With --export: where to (standard output).")] = None,
    forget: Annotated[int, typer.Option(help="Forget the word or choice with this number.")] = 0,
    export_: Annotated[
        bool, typer.Option("--export", help="Write the confirmed messages as JSON lines.")
    ] = False,
    retrain: Annotated[
        bool, typer.Option("--retrain", help="Train with them; a state that does worse is refused.")
    ] = False,
    reset: Annotated[bool, typer.Option("--reset", help="Go back to the general understanding.")] = False,
    shop_db: ShopDatabase = "",
    now: Now = "",
) -> None:
    """Show what the shop taught; forget, export, retrain, reset."""
    from assistant.cli import learn as learned

    settings = settings_for(shop_db, now)
    if sum((bool(forget), export_, retrain, reset)) > 1:
        raise Trouble("take one of --forget, --export, --retrain and --reset")
    if file is not None and not export_:
        raise Trouble("a file is only written with --export")
    if forget:
        learned.forget(settings, forget)
    elif export_:
        learned.export(settings, file)
    elif retrain:
        learned.retrain(settings)
    elif reset:
        learned.reset(settings)
    else:
        learned.list_learned(settings)


@app.command()
def forecast(
    input_: Annotated[Path, typer.Option("--input", help="CSV or parquet: unique_id, ds, y.")],
    horizon: Annotated[int, typer.Option(help="Periods to forecast.")],
    freq: Annotated[str, typer.Option(help="H, D, B, W, M, Q or Y (W-SAT, MS ... too); 1: no season.")],
    level: Annotated[str, typer.Option(help="Also lo and hi of these per cents: 80,95.")] = "",
    engine: Annotated[str, typer.Option(help="local, dask or ray.")] = "local",
    gaps: Annotated[str, typer.Option(help="Periods without a row: unknown or zero.")] = "unknown",
    workers: Annotated[int | None, typer.Option(help="Processes; all cores by default.")] = None,
) -> None:
    """Forecast the series of a file: means and quantiles as CSV on standard output.

    Further columns of figures (price, promotion) are used where rows for the coming periods have them, with
    y empty, and where they win a backtest. A period without a row, or with an empty y, is unknown.
    """
    from assistant.cli.forecasting import forecast_file

    options = {"horizon": horizon, "freq": freq, "level": level, "engine": engine, "gaps": gaps}
    forecast_file(input_, {**options, "workers": workers})


@app.command()
def replan(
    wait: Annotated[bool, typer.Option("--wait", help="Do it here, with progress.")] = False,
    quick: Annotated[bool, typer.Option("--quick", help="Without looking back at past errors.")] = False,
    scorecard: Annotated[
        bool, typer.Option("--scorecard", help="Only say how good it was, and the service reached.")
    ] = False,
    shop_db: ShopDatabase = "",
    now: Now = "",
) -> None:
    """Forecast every product from the shop's own sales; it also happens by itself each night."""
    from assistant.cli import planning

    settings = settings_for(shop_db, now)
    if scorecard:
        planning.show_scorecard(settings)
    else:
        planning.replan(settings, wait=wait, quick=quick)


@app.command()
def words(
    retrain: Annotated[bool, typer.Option("--retrain", help="Learn from what people put right.")] = False,
    shop_db: ShopDatabase = "",
    now: Now = "",
) -> None:
    """Read the customers' words that were not read yet; it also happens by itself."""
    from assistant.cli.words import read_words, retrain_words

    (retrain_words if retrain else read_words)(settings_for(shop_db, now))


@app.command()
def forget(
    customer: Annotated[str, typer.Argument(help="The customer's code, name or e-mail address.")],
    yes: Annotated[bool, typer.Option("--yes", help="Delete; without it, only say what would go.")] = False,
    shop_db: ShopDatabase = "",
) -> None:
    """Delete everything that a customer said, on request."""
    from assistant.cli.words import forget as forget_customer

    forget_customer(settings_for(shop_db), customer, yes=yes)


@app.command()
def route(
    input: Annotated[Path, typer.Option("--input", help="Solomon, Homberger, VRPLIB, or VROOM JSON.")],  # noqa: A002
    seconds: Annotated[float, typer.Option("--seconds", help="How long to look for a better plan.")] = 1.0,
    rounding: Annotated[
        str, typer.Option("--rounding", help="VRPLIB lengths: round, dimacs (cut to tenths) or exact.")
    ] = "round",
) -> None:
    """Plan the routes of a file; JSON on standard output, every plan checked, every omission explained."""
    from assistant.cli.routing import route_file

    route_file(input, seconds, rounding)


@app.command()
def outside(
    path: Annotated[Path | None, typer.Argument(help="A CSV file, or a folder of them, to load.")] = None,
    drop: Annotated[str, typer.Option("--drop", help="Forget this series.")] = "",
    shop_db: ShopDatabase = "",
) -> None:
    """Load, list or drop numbers from outside that may explain demand: weather, events, a promotion plan."""
    from assistant.cli.outside import outside_numbers

    outside_numbers(settings_for(shop_db), path, drop)


@app.command()
def travel(
    path: Annotated[Path | None, typer.Argument(help="A CSV file of ways to load.")] = None,
    drop: Annotated[str, typer.Option("--drop", help="Forget the ways of this source.")] = "",
    shop_db: ShopDatabase = "",
) -> None:
    """Load, list or drop travel times by road: from, to, seconds, metres (see docs/deliveries.md)."""
    from assistant.cli.travelling import travel_times

    travel_times(settings_for(shop_db), path, drop)


@app.command()
def choose(
    key: Annotated[str, typer.Argument(help="Which choice; without it all are listed.")] = "",
    value: Annotated[str | None, typer.Argument(help="What it is to be.")] = None,
    usual: Annotated[bool, typer.Option("--usual", help="Put it back to the usual one.")] = False,
    shop_db: ShopDatabase = "",
) -> None:
    """List or set the shop's own figures for sending and delivering: minutes, costs, traffic, weather."""
    from assistant.cli.choosing import choose as choose_one

    choose_one(settings_for(shop_db), key, value, usual=usual)


@app.command()
def doctor(shop_db: ShopDatabase = "") -> None:
    """Check configuration, database and model, and say how to mend what is wrong."""
    from assistant.cli.checks import doctor as examine

    raise typer.Exit(examine(settings_for(shop_db)))


@app.command(hidden=True)
def prepare() -> None:
    """Build what start-up wants ready: the sentence encoders and all that is learned from our texts."""
    from assistant.app import load_parser
    from assistant.mining_reader import prepare_reader

    load_parser()
    prepare_reader()


@app.command(hidden=True)
def docs(
    check: Annotated[bool, typer.Option("--check", help="Fail where they are out of date.")] = False,
) -> None:
    """Write the generated parts of the documentation."""
    from assistant.docs import write_docs

    raise typer.Exit(write_docs(Path.cwd(), check=check))


def main() -> None:
    """Run; trouble is one line on standard error and exit status 1."""
    from sqlalchemy.exc import SQLAlchemyError

    from assistant.cli.setup import setup
    from assistant.cli.users import users
    from tools.store import BooksError

    app.add_typer(users, name="user")
    app.add_typer(setup, name="setup")
    try:
        app()
    except (Trouble, BooksError) as error:
        fail(str(error))
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        fail(f"the books can't be used: {reason}; quartermaster doctor says more")
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:  # noqa: BLE001 - the edge: a person gets one line, the log gets it all
        fail_unexpectedly(error)


def fail(reason: str) -> None:
    """One line, exit 1."""
    errors.print(f"quartermaster: {reason}", markup=False, soft_wrap=True)
    sys.exit(1)


def fail_unexpectedly(error: Exception) -> None:
    """One line for the person, the whole story in the log file."""
    import traceback

    from assistant.settings import settings

    folder = settings().data
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "error.log").open("a", encoding="utf-8") as log:
        log.write("".join(traceback.format_exception(error)))
    first = str(error).splitlines()[0] if str(error) else "no details"
    fail(f"{type(error).__name__}: {first} (see {folder / 'error.log'})")
