#!lua
-- Acknowledges an assignment that was carried out, and removes it.
-- KEYS: 1 assignments
-- ARGV: 1 consumer group  2 id
-- Returns 1 · 0 somebody else did
redis.call('XACK', KEYS[1], ARGV[1], ARGV[2])
return redis.call('XDEL', KEYS[1], ARGV[2])
