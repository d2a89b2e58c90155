#!lua flags=allow-oom
-- Decides whether the number of people in a dialect is to be announced now: if a session was added or removed since the
-- last announcement, and at most once an interval. An unchanged number is announced too: clients that came in between
-- got another one.
-- KEYS: 1 sessions  2 meta
-- ARGV: 1 now (ms)  2 interval (ms)
-- Returns { 1, number } announce it · { 0, 0 } nothing new · { 0, ms to wait }
local sessions, meta = unpack(KEYS)
local now, interval = unpack(ARGV)
local changes, announced, at = unpack(redis.call('HMGET', meta, 'changes', 'announced', 'at'))
if (announced or '0') == (changes or '0') then return { 0, 0 } end
local wait = at and tonumber(at) + tonumber(interval) - tonumber(now) or 0
if wait > 0 then return { 0, math.min(wait, tonumber(interval)) } end
redis.call('HSET', meta, 'announced', changes or '0', 'at', now)
return { 1, redis.call('HLEN', sessions) }
