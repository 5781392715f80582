"""Static files: a short list of files out of node_modules, and names that carry their hash."""

from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import AppDirectoriesFinder, BaseFinder
from django.core.checks import Warning as CheckWarning
from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage


class VendorFinder(BaseFinder):
    """Exactly the files that ``VENDOR_STATIC`` names, under ``vendor/``; there is no bundler."""

    def __init__(self, app_names=None, *args, **kwargs):
        self.shelves = []
        for prefix, folder, names in settings.VENDOR_STATIC:
            storage = FileSystemStorage(location=Path(settings.NODE_MODULES) / folder)
            storage.prefix = prefix
            self.shelves.append((storage, names))

    def check(self, **kwargs):
        missing = [
            f"{storage.prefix}/{name}"
            for storage, names in self.shelves
            for name in names
            if not storage.exists(name)
        ]
        if not missing:
            return []
        hint = "Run npm ci --ignore-scripts, or ./dev setup."
        return [CheckWarning(f"Not installed: {', '.join(missing)}", hint, id="vendor.W001")]

    def find(self, path, find_all=False, **kwargs):
        find_all = kwargs.get("all", find_all)  # the word of Django < 5.2
        found = [
            storage.path(name)
            for storage, names in self.shelves
            for name in names
            if path == f"{storage.prefix}/{name}" and storage.exists(name)
        ]
        if find_all:
            return found
        return found[0] if found else []

    def list(self, ignore_patterns):
        for storage, names in self.shelves:
            for name in names:
                yield name, storage


class ChosenAppsFinder(AppDirectoriesFinder):
    """The static files of the apps in ``APPS_WITH_STATIC``; the others' are never used."""

    def __init__(self, app_names=None, *args, **kwargs):
        super().__init__(settings.APPS_WITH_STATIC, *args, **kwargs)


class HashedStatic(CompressedManifestStaticFilesStorage):
    """Names with a hash, also in one module's imports of another, so that browsers may keep them."""

    support_js_module_import_aggregation = True
