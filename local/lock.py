"""``./dev lock``: pin every requirement with its hashes, without naming any package host."""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GROUPS = ("embed", "translate", "test", "lint")
FILES = {  # what each file is for -> how it is compiled
    "requirements.txt": ["pyproject.toml", *(f"--group={group}" for group in GROUPS)],
    "deploy/requirements.txt": [  # translate: the image compiles the messages
        "pyproject.toml",
        "--group=translate",
        "--constraint=requirements.txt",
    ],
    "local/uv.txt": ["--group=pyproject.toml:uv"],
    "local/node.txt": ["--group=pyproject.toml:node"],
}


def main(arguments: list[str]) -> int:
    """Compile each file; arguments such as ``--upgrade`` go to uv."""
    uv = shutil.which("uv", path=str(Path(sys.executable).parent)) or shutil.which("uv")
    if uv is None:
        print("uv is missing: run ./dev setup, then this again.", file=sys.stderr)
        return 1
    for name, sources in FILES.items():
        command = [uv, "pip", "compile", *sources, "--output-file", name]
        command += ["--universal", "--python-version=3.11", "--generate-hashes", "--quiet"]
        command += ["--no-emit-index-url", "--custom-compile-command=./dev lock", *arguments]
        print(name, file=sys.stderr)
        done = subprocess.run(command, cwd=ROOT, check=False, stdout=subprocess.DEVNULL)
        if done.returncode:
            return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
