"""Make a seal of one's own: root, issuing authority, seal (制作印章)."""

import getpass
import os
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from django.core.management.base import BaseCommand, CommandError

from caoyang_portal.documents import keys

PASSPHRASE_LENGTH = 12


class Command(BaseCommand):
    help = "Make the key files of a real installation's seal; see deploy/seal/README.md."
    requires_system_checks: list = []  # one of them asks for the seal this makes

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, help="a new folder, e.g. on a removable disk")
        parser.add_argument("--name", required=True, help="who seals, e.g. 曹杨新村街道办事处")
        parser.add_argument(
            "--passphrase-file", type=Path, help="read the passphrase from here; else it is asked"
        )

    def handle(self, *, folder, name, passphrase_file, **options):
        if folder.exists():
            raise CommandError(f"{folder} is there already; a seal is never overwritten.")
        passphrase = self.passphrase(passphrase_file)
        root = keys.issue_root(f"{name} 根证书")
        issuing = keys.issue_issuing(f"{name} 签发证书", root)
        seal = keys.issue_seal(name, issuing)
        offline = folder / "offline"
        offline.mkdir(parents=True, mode=0o700)
        folder.chmod(0o700)
        write(offline / "root.key", root.key_pem(passphrase), secret=True)
        write(offline / "issuing.key", issuing.key_pem(passphrase), secret=True)
        write(folder / "seal.key", seal.key_pem(passphrase), secret=True)
        write(folder / "seal.crt", seal.pem)
        write(folder / "chain.crt", issuing.pem + root.pem)
        self.stdout.write(f"SEAL_KEY={folder / 'seal.key'}")
        self.stdout.write(f"SEAL_CERT={folder / 'seal.crt'}")
        self.stdout.write(f"SEAL_CHAIN={folder / 'chain.crt'}")
        self.stdout.write("# SEAL_PASSPHRASE: from the secret store")
        fingerprint = seal.certificate.fingerprint(hashes.SHA256()).hex()
        self.stdout.write(f"# certificate SHA-256, for the notice board: {fingerprint}")
        self.stdout.write(f"# move {offline} to two places offline, and delete it here")

    def passphrase(self, file: Path | None) -> str:
        if file is not None:
            passphrase = file.read_text().strip()
        else:
            passphrase = getpass.getpass("Passphrase: ")
            if passphrase != getpass.getpass("Again: "):
                raise CommandError("The two differ.")
        if len(passphrase) < PASSPHRASE_LENGTH:
            raise CommandError(f"The passphrase needs {PASSPHRASE_LENGTH} characters or more.")
        return passphrase


def write(path: Path, content: bytes, *, secret: bool = False) -> None:
    """A new file, readable by its owner alone if ``secret``."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if secret else 0o644)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
