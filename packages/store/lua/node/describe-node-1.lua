#!lua flags=allow-oom
-- Keeps what a node says of itself.
-- KEYS: 1 info
-- ARGV: 1… field, value, for each
-- Returns 1
local info = unpack(KEYS)
redis.call('HSET', info, unpack(ARGV))
return 1
