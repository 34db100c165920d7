"""The image, built by its own Dockerfile and run, with Debian's packages and without an engine: no daemon, no registry."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
DOCKERFILE = ROOT / "deploy" / "image" / "Dockerfile"
CERTIFICATES = Path("/etc/ssl/certs")
PACKAGES = ("buildah", "crun", "mmdebstrap", "podman")
BASE, IMAGE = "localhost/base", "localhost/tellfirst"
BASE_HAS = "python3,python3-venv,ca-certificates"
OF_PIP = {"cert", "extra-index-url", "index-url", "proxy", "timeout", "trusted-host"}
GUEST = Path(__file__).with_name("image_guest.py")


class Workshop:
    """A folder of its own for images. pip: the settings by which this machine's pip finds packages."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._storage = folder / "storage.conf"
        self._storage.write_text(f'[storage]\ndriver = "overlay"\nrunroot = "{folder}/run"\ngraphroot = "{folder}/store"\n')

    def make_base(self) -> None:
        """A Debian with Python, from the distribution's own packages, in the place of the image that BASE names."""
        tree = self.folder / "base.tar"
        self.run("mmdebstrap", "--quiet", "--variant=minbase", f"--include={BASE_HAS}", "bookworm", str(tree))
        container = self.run("buildah", "from", "scratch").strip()
        self.run("buildah", "add", "--quiet", container, str(tree), "/")
        self.run("buildah", "commit", "--quiet", container, BASE)
        self.run("buildah", "rm", container)
        tree.unlink()

    def build(self, dockerfile: Path = DOCKERFILE) -> None:
        settings = self.folder / "pip.conf"
        settings.write_text(_settings_of_pip())
        how = ("--quiet", "--format=docker", "--isolation=chroot", "--layers=false", f"--secret=id=pip,src={settings}")
        self.run(
            *("buildah", "bud", *how, f"--volume={CERTIFICATES}:{CERTIFICATES}:ro", f"--build-arg=BASE={BASE}"),
            *("--file", str(dockerfile), "--tag", IMAGE, str(ROOT)),
        )

    def promises(self) -> dict[str, Any]:
        """Return what the image says of itself: its user, its command, its health check."""
        told: dict[str, Any] = json.loads(self.run("buildah", "inspect", "--type", "image", IMAGE))["Docker"]["config"]
        return told

    def live_through(self, project: Path) -> dict[str, Any]:
        """Run the image on a project in namespaces of its own, as image_guest.py says; return what was seen."""
        words = ("unshare", "--mount", "--net", "--propagation", "private", sys.executable, str(GUEST))
        seen: dict[str, Any] = json.loads(self.run(*words, IMAGE, str(project), str(self.folder)))
        return seen

    def run(self, *words: str) -> str:
        """Return what a program said; when it fails, that is the error."""
        program = shutil.which(words[0])
        assert program is not None, f"{words[0]} is not here: apt-get install --no-install-recommends {' '.join(PACKAGES)}"
        environment = {**os.environ, "CONTAINERS_STORAGE_CONF": str(self._storage)}
        done = subprocess.run([program, *words[1:]], capture_output=True, text=True, timeout=540, check=False, env=environment)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


def _settings_of_pip() -> str:
    """Return as a file where this machine's pip finds packages and whom it trusts, so that the build does as we do."""
    said = subprocess.check_output([sys.executable, "-m", "pip", "config", "list"], text=True, timeout=60)
    found = {name: value for name, value in re.findall(r"^[^=]+\.([a-z-]+)='(.*)'$", said, re.MULTILINE) if name in OF_PIP}
    return "\n".join(["[global]", *(f"{name} = {value}" for name, value in found.items()), ""])
