"""Hooks of mkdocs, which loads them by this path; what they do stands in the room of studies."""

from shaanxi_transfer.studies.site.hooks import (  # noqa: F401
    on_config,
    on_files,
    on_page_markdown,
    on_post_build,
    on_post_page,
    on_post_template,
)
