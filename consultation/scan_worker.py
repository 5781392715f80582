"""Read scanned ballots in a process of their own: ``python -I scan_worker.py`` (扫描识读).

Takes the bytes of a PDF or a picture on stdin; answers one JSON object per page on stdout: the QR texts
found on it and the page as a JPEG in base64. What a stranger filled in is never opened elsewhere.
"""

import base64
import io
import json
import resource
import sys

import pypdfium2
import zxingcpp
from PIL import Image

LIMIT = 1_500_000_000  # bytes of memory
PAGES = 500
SCALE = 150 / 72  # dots per inch


def pages(given):
    if not given.startswith(b"%PDF-"):
        yield Image.open(io.BytesIO(given)).convert("RGB")
        return
    with pypdfium2.PdfDocument(given) as document:
        for number in range(min(len(document), PAGES)):
            yield document[number].render(scale=SCALE).to_pil().convert("RGB")


def main():
    resource.setrlimit(resource.RLIMIT_AS, (LIMIT, LIMIT))
    for page in pages(sys.stdin.buffer.read()):
        out = io.BytesIO()
        page.save(out, "JPEG", quality=80)
        found = zxingcpp.read_barcodes(page, formats=zxingcpp.BarcodeFormat.QRCode)
        line = {
            "codes": [code.text for code in found],
            "jpeg": base64.b64encode(out.getvalue()).decode(),
        }
        sys.stdout.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()
