#!lua flags=allow-oom
-- Remembers a partner that a user met: the last few of them, for a while.
-- KEYS: 1 met
-- ARGV: 1 partner  2 now (ms)  3 count (partners to remember)  4 lifetime (ms)
-- Returns 1
local met = unpack(KEYS)
local partner, now, count, lifetime = unpack(ARGV)
redis.call('ZADD', met, now, partner)
redis.call('ZREMRANGEBYRANK', met, 0, -tonumber(count) - 1)
redis.call('PEXPIRE', met, lifetime)
return 1
