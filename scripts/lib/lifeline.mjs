// Preloaded into the server. The server has a process group of its own, so a start command that is killed outright
// cannot take it along: the broken channel tells it instead.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();
