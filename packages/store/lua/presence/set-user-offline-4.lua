#!lua flags=allow-oom
-- Makes a user offline who is online by this session, and appends the event to the feed, once.
-- KEYS: 1 people  2 arrivals  3 feed  4 meta
-- ARGV: 1 session  2 user  3 event (JSON)  4 now (ms)  5 keep (entries of the feed, bytes)  6 claim (its number; '' any)
-- Returns 1 · 0 the user is not online by that session and claim
local people, arrivals, feed, meta = unpack(KEYS)
local session, user, event, now, keep, claim = unpack(ARGV)
local holder, newest = string.match(redis.call('HGET', people, user) or '', '^(%S+) (%d+) ')
if holder ~= session or (claim ~= '' and newest ~= claim) then return 0 end
redis.call('HDEL', people, user)
redis.call('ZREM', arrivals, user)
appendToFeed(feed, meta, event, session, now, keep)
return 1
