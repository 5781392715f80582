"""Exit 0 when the web server of this machine answers /livez, as the name it is known by."""

import os
import sys
import urllib.request

host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].lstrip(".")
address = f"http://127.0.0.1:{os.environ.get('PORT', '8000')}/livez"
request = urllib.request.Request(address, headers={"Host": host})
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
try:
    with opener.open(request, timeout=4) as answer:
        sys.exit(answer.status != 200)
except OSError as problem:
    sys.exit(str(problem))
