"""A plugin that runs examples inside OctoPrint, as doctest does. test_integration_docs.py puts it there."""

import doctest
import io

import flask
import octoprint.plugin

__plugin_name__ = "Examples"
__plugin_pythoncompat__ = ">=3.9,<4"


class ExamplesPlugin(octoprint.plugin.SimpleApiPlugin):
    """Runs one example after the other, with what the former ones defined."""

    def __init__(self):
        self._names = {"self": self}

    def is_api_protected(self):
        return True

    def get_api_commands(self):
        return {"run": ["example"]}

    def on_api_command(self, command, data):
        test = doctest.DocTestParser().get_doctest(data["example"], self._names, "example", None, 0)
        report = io.StringIO()
        results = doctest.DocTestRunner(verbose=False).run(test, out=report.write, clear_globs=False)
        self._names = test.globs
        return flask.jsonify(attempted=results.attempted, report=report.getvalue())


__plugin_implementation__ = ExamplesPlugin()
