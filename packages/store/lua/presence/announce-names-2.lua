#!lua flags=allow-oom
-- Decides whether the names of the users in a dialect are to be announced now: if they have changed, and at most once
-- an interval. The announcing process notes `announced` afterwards; if it does not get so far, another one announces
-- after the interval.
-- KEYS: 1 arrivals  2 meta
-- ARGV: 1 now (ms)  2 interval (ms)  3 listed (names to return at most)
-- Returns { 1, number of users, count of changes to note, names } announce them · { 0, 0 } nothing new · { 0, ms to
--   wait }
local arrivals, meta = unpack(KEYS)
local now, interval, listed = unpack(ARGV)
local changes, announced, at = unpack(redis.call('HMGET', meta, 'names', 'announced', 'at'))
if (announced or '0') == (changes or '0') then return { 0, 0 } end
local wait = at and tonumber(at) + tonumber(interval) - tonumber(now) or 0
if wait > 0 then return { 0, math.min(wait, tonumber(interval)) } end
redis.call('HSET', meta, 'at', now)
return { 1, redis.call('ZCARD', arrivals), changes, redis.call('ZRANGE', arrivals, 0, tonumber(listed) - 1) }
