"""What the environment says, and nobody else reads it; a project's tellfirst.yaml says the same things and comes second."""

from pathlib import Path
from typing import Any, Literal

from pydantic import SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from tellfirst.stopping import Exit, Stopped

PREFIX = "TELLFIRST_"
CONSOLE = "console"
OF_PROJECT = {"language", "zone", "desk", "sender", "sources", "channels", "links", "database", "kafka", "limits"}


class Settings(BaseSettings):
    """project: its folder. token, token_file: what senders must show as bearer token where we listen beyond loopback.

    The others, where set, come before what tellfirst.yaml says.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_nested_delimiter="__", extra="ignore")

    project: Path = Path()
    token: SecretStr | None = None
    token_file: Path | None = None
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    language: str | None = None
    zone: str | None = None
    desk: str | None = None
    sender: dict[str, str] = {}
    sources: dict[str, dict[str, str]] = {}
    channels: dict[str, Any] = {}
    links: dict[str, Any] = {}
    database: dict[str, str] = {}
    kafka: dict[str, Any] = {}
    limits: dict[str, Any] = {}

    def bearer_token(self) -> str | None:
        """Return the token from its file or the environment. Raises OSError when the file cannot be read."""
        if self.token_file is not None:
            return self.token_file.read_text().strip()
        return self.token.get_secret_value() if self.token else None

    def overrides(self) -> dict[str, Any]:
        """Return the project's settings that the environment names."""
        return self.model_dump(include=OF_PROJECT, exclude_defaults=True)


class Telemetry(BaseSettings):
    """What OpenTelemetry's own variables ask for; the rest of them its SDK reads."""

    model_config = SettingsConfigDict(env_prefix="OTEL_", extra="ignore")

    sdk_disabled: bool = False
    traces_exporter: str = ""
    exporter_otlp_endpoint: str = ""
    exporter_otlp_traces_endpoint: str = ""

    @property
    def asks_for_traces(self) -> bool:
        """Whether spans are to be sent: somebody named who gets them, and did not take it back."""
        named = self.traces_exporter or self.exporter_otlp_endpoint or self.exporter_otlp_traces_endpoint
        return bool(named) and self.traces_exporter != "none" and not self.sdk_disabled


def read_telemetry() -> Telemetry:
    """Raises Stopped, with every variable that is at fault."""
    try:
        return Telemetry()
    except ValidationError as faults:
        raise Stopped(Exit.CONFIGURATION, *(_line(each["loc"], each["msg"], "OTEL_") for each in faults.errors())) from None


def read_settings() -> Settings:
    """Raises Stopped, with every variable that is at fault."""
    try:
        return Settings()
    except ValidationError as faults:
        raise Stopped(Exit.CONFIGURATION, *(_line(each["loc"], each["msg"]) for each in faults.errors())) from None
    except SettingsError as fault:
        raise Stopped(Exit.CONFIGURATION, f"{PREFIX}…  {fault} — write it as JSON, or name its parts with __") from None


def _line(path: tuple[int | str, ...], fact: str, prefix: str = PREFIX) -> str:
    return f"{prefix}{'__'.join(map(str, path)).upper()}  {fact} — set it rightly, or unset it"
