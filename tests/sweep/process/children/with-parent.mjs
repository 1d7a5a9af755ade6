// Ends this process when the one that started it is gone, whatever ended that; else it keeps nothing alive.
process.stdin.resume().once('end', () => process.exit(1))
process.stdin.unref()
