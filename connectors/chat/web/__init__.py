"""The web door: chat, pages and the HTTP interface, served from one process without a build step."""

from connectors.chat.web.app import create_app

__all__ = ["create_app"]
