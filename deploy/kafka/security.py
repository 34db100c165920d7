"""What makes the broker secure: certificates, users and their passwords in its folder, and the settings that name them.

In the folder: ca.pem, which clients trust; client.pem and client.key, by which the listener SSL knows them; user and password.
"""

import secrets
import subprocess
from pathlib import Path

USER = "tellfirst"
SCRAM = ("SCRAM-SHA-256", "SCRAM-SHA-512")
PLAIN_LOGIN = "org.apache.kafka.common.security.plain.PlainLoginModule required"
SCRAM_LOGIN = "org.apache.kafka.common.security.scram.ScramLoginModule required"
VALID_DAYS = "3650"


def as_secure(folder: Path) -> list[str]:
    """Return the settings for TLS, where clients need a certificate too unless they log in, and for SASL by three mechanisms."""
    _certificate(folder, "broker", trusted_as="ca")
    _certificate(folder, "client", trusted_as="client")
    (folder / "broker.keys.pem").write_text((folder / "broker.key").read_text() + (folder / "ca.pem").read_text())
    (folder / "broker.keys.pem").chmod(0o600)
    return [
        "ssl.keystore.type=PEM",
        f"ssl.keystore.location={folder / 'broker.keys.pem'}",
        "ssl.truststore.type=PEM",
        f"ssl.truststore.location={folder / 'client.pem'}",
        "listener.name.ssl.ssl.client.auth=required",
        f"sasl.enabled.mechanisms={','.join(('PLAIN', *SCRAM))}",
        *(line for listener in ("sasl_plaintext", "sasl_ssl") for line in _logins(listener, password_of(folder))),
    ]


def _logins(listener: str, password: str) -> list[str]:
    plain = f'{PLAIN_LOGIN} user_{USER}="{password}";'
    logins = {"plain": plain, **{mechanism.lower(): f"{SCRAM_LOGIN};" for mechanism in SCRAM}}
    return [f"listener.name.{listener}.{mechanism}.sasl.jaas.config={login}" for mechanism, login in logins.items()]


def secret_users(folder: Path) -> list[str]:
    """Return the users to be known by SCRAM, in the words of the tool that makes them; none where nothing is secure."""
    if not (folder / "password").exists():
        return []
    return [f"{mechanism}=[name={USER},password={password_of(folder)}]" for mechanism in SCRAM]


def password_of(folder: Path) -> str:
    """Return the password of the folder, drawn when it is first asked for."""
    file = folder / "password"
    if not file.exists():
        (folder / "user").write_text(f"{USER}\n")
        file.touch(mode=0o600)
        file.write_text(f"{secrets.token_hex(16)}\n")
    return file.read_text().strip()


def _certificate(folder: Path, name: str, *, trusted_as: str) -> None:
    """Make a key and a certificate that vouches for itself, once."""
    key, certificate = folder / f"{name}.key", folder / f"{trusted_as}.pem"
    if certificate.exists():
        return
    whose = ["-subj", f"/CN={name}", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    making = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", VALID_DAYS, *whose, "-keyout", key, "-out", certificate]
    subprocess.run(["openssl", "req", *making], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    key.chmod(0o600)
