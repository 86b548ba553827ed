"""The key of the FoodData Central API: found in order, kept for its owner only, and shown nowhere."""

from __future__ import annotations

import http.client
import logging
import os
import pickle
import stat
import sys
import threading
import traceback
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from fdc_server import QUICK, FdcServer, VirtualClock, alone, product
from nutridiary.cli.fdc_key import key as command
from nutridiary.errors import FoodDataError
from nutridiary.fdc.api import FdcClient, fetch_foods, key_source
from nutridiary.fdc.api.key import ApiKey, find_key, forget_key, keep_key, key_file, key_remark
from nutridiary.fdc.api.settings import base_address

KEY = "a-very-secret-key"


@pytest.fixture(autouse=True)
def by_itself(monkeypatch, tmp_path):
    alone(monkeypatch, tmp_path)


@pytest.fixture
def keyring(monkeypatch):
    """A keyring in memory."""
    kept: dict[tuple[str, str], str] = {}
    fake = SimpleNamespace(
        get_password=lambda service, user: kept.get((service, user)),
        set_password=lambda service, user, secret: kept.update({(service, user): secret}),
        delete_password=lambda service, user: kept.pop((service, user)),
    )
    monkeypatch.setitem(sys.modules, "keyring", fake)
    return kept


def sent_by(client_key: str | None = None) -> str | None:
    """Return the key that the server sees."""
    with FdcServer() as server:
        server.foods = {1: product(1)}
        fetch_foods([1], api_key=client_key, base_url=server.url, refresh=True)
        return server.asked[0].key


# --- where it is found -----------------------------------------------------------------------------------


def test_keys_are_found_in_their_order(monkeypatch, tmp_path, keyring):
    assert (sent_by(), key_source()) == ("DEMO_KEY", "the program itself (demonstration key)")
    keep_key("of-the-keyring", in_keyring=True)
    assert (sent_by(), key_source()) == ("of-the-keyring", "the keyring")
    keep_key("of-the-file")
    assert (sent_by(), key_source()) == ("of-the-file", f"the user's file, {key_file()}")
    named = tmp_path / "elsewhere"
    named.write_text("of-the-named-file\n")
    monkeypatch.setenv("FDC_API_KEY_FILE", str(named))
    assert (sent_by(), key_source()) == ("of-the-named-file", "the file named in FDC_API_KEY_FILE")
    monkeypatch.setenv("FDC_API_KEY", "of-the-environment")
    assert (sent_by(), key_source()) == ("of-the-environment", "the environment (FDC_API_KEY)")
    assert sent_by("given") == "given"


def test_keyring_that_fails_is_no_keyring(monkeypatch):
    def fail(*_: str) -> str:
        raise RuntimeError("locked")

    monkeypatch.setitem(sys.modules, "keyring", SimpleNamespace(get_password=fail))
    assert find_key().is_demo


def test_named_file_that_is_not_there_is_told_and_no_other_key_is_taken(monkeypatch, tmp_path):
    monkeypatch.setenv("FDC_API_KEY_FILE", str(tmp_path / "gone"))
    with pytest.raises(FoodDataError, match="cannot be read from the file named in FDC_API_KEY_FILE"):
        find_key()
    why = fetch_foods([1]).reasons()[1]
    assert "cannot be read" in why
    assert str(tmp_path) not in why


@pytest.mark.parametrize("wrong", ["", "  ", "two words", "line\nbreak", "schlüssel", "x" * 201])
def test_key_that_cannot_be_sent_is_told_without_the_key(wrong):
    with pytest.raises(FoodDataError, match="nutridiary fdc key set") as error:
        keep_key(wrong)
    assert wrong.strip() == "" or wrong not in str(error.value)


def test_key_with_a_line_end_is_taken_without_it():
    assert sent_by(f"{KEY}\n") == KEY


# --- how it is kept --------------------------------------------------------------------------------------


def test_kept_key_is_for_its_owner_only_and_can_be_removed():
    keep_key("first")
    keep_key(KEY)
    assert stat.S_IMODE(key_file().stat().st_mode) == 0o600
    assert [path.name for path in key_file().parent.iterdir()] == [key_file().name]
    assert key_remark() == ""
    assert forget_key() == [str(key_file())]
    assert find_key().is_demo
    assert forget_key() == []


@pytest.mark.skipif(os.name != "posix", reason="files have no permissions of this kind here")
def test_file_that_others_can_read_is_remarked(tmp_path):
    keep_key(KEY)
    key_file().chmod(0o644)
    with FdcServer() as server:
        server.foods = {1: product(1)}
        remark = fetch_foods([1], base_url=server.url).remarks[0]
    assert "Others on this machine can read the file with your API key" in remark
    assert str(tmp_path) not in remark  # it may stand in a report, and paths name people


def test_folder_that_takes_no_key_is_told(monkeypatch, tmp_path):
    (tmp_path / "data").write_text("a file where a folder should be")
    with pytest.raises(FoodDataError, match="the key cannot be kept there"):
        keep_key(KEY)


# --- how it never gets out -------------------------------------------------------------------------------


def test_key_stands_in_no_log_error_traceback_or_repr(caplog, capfd, monkeypatch):
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(http.client.HTTPConnection, "debuglevel", 1)
    key = ApiKey(KEY, "the test")
    said = [repr(key), str(key), repr(vars(type(key)))]
    for fault in ("none", "500", "403", "302", "reset", "short", "cut", "web page", "no gzip", "nested"):
        with (
            FdcServer() as server,
            FdcClient(KEY, base_url=server.url, clock=VirtualClock().clock(), patience=QUICK) as fdc,
        ):
            server.faults = [fault] * 4
            said += [repr(fdc), str(fdc.foods([1]).reasons()), str(fdc.remarks)]
            server.faults = [fault] * 4
            try:
                fdc.search("x")
            except FoodDataError as error:
                said += [repr(error), "".join(traceback.format_exception(error)), repr(vars(error))]
                chain = error.__context__ or error.__cause__
                while chain is not None:
                    said.append(repr(vars(chain)))
                    assert getattr(chain, "request", None) is None
                    chain = chain.__context__ or chain.__cause__
    printed = capfd.readouterr()
    assert KEY not in "".join([*said, caplog.text, printed.out, printed.err])


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names here")
def test_pipe_is_read_and_one_that_nobody_writes_into_is_not_waited_for(monkeypatch, tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    monkeypatch.setenv("FDC_API_KEY_FILE", str(pipe))
    writer = threading.Thread(target=pipe.write_text, args=(KEY,))
    writer.start()
    assert find_key().header() == {"X-Api-Key": KEY}
    writer.join()
    monkeypatch.setattr("nutridiary.fdc.api.key.KEYRING_SECONDS", 0.2)
    with pytest.raises(FoodDataError, match="nothing is written into the pipe"):
        find_key()
    os.close(os.open(pipe, os.O_WRONLY | os.O_NONBLOCK))  # lets the thread that reads it go


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
def test_server_on_this_machine_is_not_asked_through_a_proxy_that_would_see_the_key(monkeypatch, name):
    with FdcServer() as proxy:
        for other in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(other, raising=False)
        monkeypatch.setenv(name, proxy.url.removesuffix("/fdc/v1"))
        assert sent_by(KEY) == KEY
    assert proxy.asked == []


def test_proxy_that_does_not_let_through_is_named_without_the_key(monkeypatch):
    for other in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(other, raising=False)
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    with FdcClient(KEY, base_url="https://api.example/fdc/v1", clock=VirtualClock().clock()) as fdc:
        why = fdc.foods([1]).reasons()[1]
    assert "the proxy that is set for this machine (HTTPS_PROXY) does not lead to it" in why


def test_neither_key_nor_client_can_be_pickled():
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(ApiKey(KEY, "the test"))
    with FdcClient(KEY) as fdc, pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(fdc)


@pytest.mark.parametrize(
    "address",
    [
        "http://api.example/fdc/v1",
        "ftp://api.example",
        "api.example/fdc/v1",
        f"https://api.example/fdc/v1?api_key={KEY}",
        f"https://{KEY}@api.example/fdc/v1",
        "https://[",
        "",
    ],
)
def test_address_that_would_give_the_key_away_is_refused_and_not_shown(address, monkeypatch):
    monkeypatch.setenv("NUTRIDIARY_FDC_URL", address)
    if not address:
        assert base_address() == "https://api.nal.usda.gov/fdc/v1"
        return
    with pytest.raises(FoodDataError, match="cannot be used") as error:
        base_address()
    assert KEY not in str(error.value)


# --- the commands ----------------------------------------------------------------------------------------


def run(*arguments: str, typed: str = "") -> str:
    done = CliRunner().invoke(command, list(arguments), input=typed)
    assert KEY not in done.output
    return f"{done.exit_code} {done.output}"


def test_key_is_kept_tried_and_removed_from_the_command_line(monkeypatch):
    with FdcServer(limit=1000) as server:
        monkeypatch.setenv("NUTRIDIARY_FDC_URL", server.url)
        assert run("where").startswith("0 the program itself")
        assert run("set", typed=f"{KEY}\n").startswith(f"0 Kept in {key_file()}")
        assert run("where") == f"0 the user's file, {key_file()}\n"
        assert (
            run("test")
            == f"0 The key from the user's file, {key_file()}, works: 999 of 1,000 calls an hour are left.\n"
        )
        assert server.asked[0].key == KEY
        server.faults = ["403"]
        assert run("test").startswith("2 ")
        assert run("remove").startswith(f"0 Removed from {key_file()}.")
        assert run("remove").startswith("0 No key was kept.")


def test_key_goes_to_the_keyring_where_asked(keyring):
    assert run("set", "--keyring", typed=f"{KEY}\n").startswith("0 Kept in the keyring")
    assert list(keyring.values()) == [KEY]
    assert run("remove").startswith("0 Removed from the keyring.")


def test_no_keyring_is_told_with_what_to_install():
    assert "pip install 'nutridiary[keyring]'" in run("set", "--keyring", typed=f"{KEY}\n")


def test_key_is_never_taken_as_an_argument():
    assert run("set", "another-secret").startswith("2 ")
