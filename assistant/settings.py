"""Settings come from the environment (``QUARTERMASTER_*``) and from nowhere else."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AliasChoices, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


def data_folder() -> Path:
    """Where this user's data lives (XDG on Linux, Application Support on macOS, AppData on Windows)."""
    base = os.environ.get("XDG_DATA_HOME") or os.environ.get("LOCALAPPDATA")
    if base:
        return Path(base) / "quartermaster"
    mac = Path.home() / "Library" / "Application Support"
    return (mac if mac.is_dir() else Path.home() / ".local" / "share") / "quartermaster"


def _named(name: str) -> AliasChoices:
    """A setting of a chat: read under our own name or under the chat's usual one."""
    return AliasChoices(f"QUARTERMASTER_{name}", name)


class Settings(BaseSettings):
    """Everything that can be set from outside; an unknown value is an error that says which."""

    model_config = SettingsConfigDict(env_prefix="QUARTERMASTER_", populate_by_name=True)

    database_url: str = ""
    now: datetime | None = None
    time_zone: str = "Europe/London"
    country: str = ""
    data: Path = data_folder()
    log_level: str = "INFO"
    slack_bot_token: SecretStr = Field(default=SecretStr(""), validation_alias=_named("SLACK_BOT_TOKEN"))
    slack_app_token: SecretStr = Field(default=SecretStr(""), validation_alias=_named("SLACK_APP_TOKEN"))
    slack_signing_secret: SecretStr = Field(
        default=SecretStr(""), validation_alias=_named("SLACK_SIGNING_SECRET")
    )
    slack_client_id: str = Field(default="", validation_alias=_named("SLACK_CLIENT_ID"))
    slack_client_secret: SecretStr = Field(
        default=SecretStr(""), validation_alias=_named("SLACK_CLIENT_SECRET")
    )
    slack_api_url: str = Field(default="", validation_alias=_named("SLACK_API_URL"))
    telegram_bot_token: SecretStr = Field(
        default=SecretStr(""), validation_alias=_named("TELEGRAM_BOT_TOKEN")
    )
    telegram_api_url: str = Field(default="", validation_alias=_named("TELEGRAM_API_URL"))
    telegram_webhook_url: str = Field(default="", validation_alias=_named("TELEGRAM_WEBHOOK_URL"))
    telegram_webhook_secret: SecretStr = Field(
        default=SecretStr(""), validation_alias=_named("TELEGRAM_WEBHOOK_SECRET")
    )
    public_url: str = Field(default="", validation_alias=_named("PUBLIC_URL"))
    travel_service: Literal["osrm", "valhalla", "ors"] = "osrm"
    travel_url: str = ""
    travel_key: SecretStr = SecretStr("")

    map_tiles: str = ""
    map_credit: str = ""

    @field_validator("map_tiles")
    @classmethod
    def _template(cls, value: str) -> str:
        named = all(value.count(part) == 1 for part in ("{z}", "{x}", "{y}"))
        if value and not (re.match(r"https?://[^/\s]+/", value) and named and value.count("{") == 3):
            raise ValueError(
                f"{value!r} is no address of map tiles (try http://localhost:8080/{{z}}/{{x}}/{{y}}.png)"
            )
        return value

    @field_validator("travel_url")
    @classmethod
    def _address(cls, value: str) -> str:
        if value and not re.match(r"https?://[^/\s]+", value):
            raise ValueError(f"{value!r} is no address (try http://localhost:5000)")
        return value

    @field_validator("country")
    @classmethod
    def _known_country(cls, value: str) -> str:
        if value and not re.fullmatch(r"[A-Z]{2}(-[A-Z0-9]{1,3})?", value.upper()):
            raise ValueError(f"{value!r} is no country (try GB, GB-SCT or DE-BY)")
        return value.upper()

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"{value!r} is no time zone (try Europe/London)") from error
        return value

    @property
    def has_slack(self) -> bool:
        """Whether Slack is configured: a bot token, or what several workspaces need to install the app."""
        return bool(self.slack_bot_token.get_secret_value() or self.slack_client_id)

    @property
    def has_telegram(self) -> bool:
        """Whether Telegram is configured."""
        return bool(self.telegram_bot_token.get_secret_value())

    @property
    def zone(self) -> ZoneInfo:
        """The shop's time zone."""
        return ZoneInfo(self.time_zone)

    def url(self, name: str = "quartermaster.db") -> str:
        """The database: as set, else a SQLite file in the user's data folder."""
        if self.database_url:
            return self.database_url
        self.data.mkdir(parents=True, exist_ok=True)
        return f"sqlite:///{self.data / name}"

    def clock(self) -> Callable[[], datetime]:
        """The shop's clock; frozen where ``now`` is set (a time without a zone is the shop's)."""
        zone = self.zone
        if self.now is None:
            return lambda: datetime.now(UTC).astimezone(zone)
        frozen = self.now.astimezone(zone) if self.now.tzinfo else self.now.replace(tzinfo=zone)
        return lambda: frozen


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process."""
    return Settings()
