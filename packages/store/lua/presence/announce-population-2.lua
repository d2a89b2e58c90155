#!lua
-- Decides whether the number of people in a dialect is to be announced now: when somebody came or went since it was, and at most once
-- an interval. That it is the same number again does not matter: who came in between was told another one.
-- KEYS: 1 sessions  2 meta
-- ARGV: 1 now (ms)  2 interval (ms)
-- Returns { 1, count } announce · { 0, 0 } nothing new · { 0, ms to wait }
local changes, announced, at = unpack(redis.call('HMGET', KEYS[2], 'changes', 'announced', 'at'))
if (announced or '0') == (changes or '0') then return { 0, 0 } end
local wait = at and tonumber(at) + tonumber(ARGV[2]) - tonumber(ARGV[1]) or 0
if wait > 0 then return { 0, math.min(wait, tonumber(ARGV[2])) } end
redis.call('HSET', KEYS[2], 'announced', changes or '0', 'at', ARGV[1])
return { 1, redis.call('HLEN', KEYS[1]) }
