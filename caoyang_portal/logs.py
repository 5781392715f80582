"""Logs (日志): one JSON object a line, with its request and neighbourhood, never a person's data."""

import re

import structlog
from structlog.typing import Processor

PHONE = re.compile(r"(?<![0-9A-Za-z])(?:\+?86)?1[3-9]\d{9}(?![0-9A-Za-z])")
ID_NUMBER = re.compile(r"(?<![0-9A-Za-z])\d{17}[\dXx](?![0-9A-Za-z])")
# PostgreSQL quotes the row it refuses: a name, an address, what was confided.
ROW = re.compile(r"(DETAIL: ).*?(?=\nCONTEXT:|\nHINT:|\n\n|\nTraceback|\Z)", re.DOTALL)

SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
    structlog.processors.format_exc_info,
]


def withhold_rows(logger, method, event):
    """Leave out what a database error quotes of the row."""
    for key, value in event.items():
        if isinstance(value, str) and "DETAIL: " in value:
            event[key] = ROW.sub(r"\1withheld", value)
    return event


def mask_numbers(logger, method, line: str) -> str:
    """The last net: a phone or ID number that got this far shows its last digits only."""
    line = ID_NUMBER.sub(lambda found: f"…{found[0][-2:]}", line)
    return PHONE.sub(lambda found: f"…{found[0][-2:]}", line)


def configuration(level: str) -> dict:
    """The ``LOGGING`` setting; also sets up structlog, whose events take the same way."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    rendering = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        withhold_rows,
        structlog.processors.JSONRenderer(ensure_ascii=False),
        mask_numbers,
    ]
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": rendering,
                "foreign_pre_chain": SHARED,
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # The request's own line says it already.
            "django.request": {"level": "CRITICAL"},
            "django.server": {"handlers": [], "propagate": True},
            # Celery's own lines say it, with the request's id.
            "django_structlog.celery": {"level": "WARNING"},
            "fontTools": {"level": "ERROR"},
            "weasyprint": {"level": "ERROR"},
        },
    }
