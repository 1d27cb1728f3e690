"""A program on a terminal of its own, for tests of what a person sees."""

import subprocess
import uuid


class Terminal:
    """Runs a command in tmux; `record` is a file that gets every byte the command writes."""

    def __init__(self, command, columns=150, rows=45, record=None):
        self.socket = f"janus-{uuid.uuid4().hex[:8]}"
        # The session waits for its command until the record is open.
        self.tmux("-f", "/dev/null", "new-session", "-d", "-s", "janus", "-x", columns, "-y", rows, "cat")
        if record:
            self.tmux("pipe-pane", "-t", "janus", f"cat >> '{record}'")
        self.tmux("respawn-pane", "-k", "-t", "janus", " ".join(command))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.tmux("kill-server")

    def tmux(self, *words):
        return subprocess.run(["tmux", "-L", self.socket, *map(str, words)], capture_output=True, text=True,
                              check=False).stdout

    def text(self):
        return self.tmux("capture-pane", "-p", "-t", "janus")

    def type(self, *keys):
        """Types words, or keys by tmux's names: `Enter`, `F5`."""
        self.tmux("send-keys", "-t", "janus", *keys)

    def resize(self, columns, rows):
        self.tmux("resize-window", "-t", "janus", "-x", columns, "-y", rows)

    def is_over(self):
        return "janus" not in self.tmux("list-sessions")
