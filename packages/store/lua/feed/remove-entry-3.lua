#!lua flags=allow-oom
-- Takes a message out of a dialect's feed. Another event is noted in its place, since those who were away must miss no
-- entry, and an event of the removal is appended, for those who have received it. Repeatable.
-- KEYS: 1 feed  2 meta  3 removedEntries
-- ARGV: 1 id (of the message)  2 event (JSON)  3 now (ms)  4 keep (entries, bytes)  5 remembered (removed entries)
-- Returns 1 · 0 there is no such entry
local feed, meta, removedEntries = unpack(KEYS)
local id, event, now, keep, remembered = unpack(ARGV)
if redis.call('XDEL', feed, id) == 0 then return 0 end
redis.call('ZADD', removedEntries, string.match(id, '%d+$'), id .. '\n' .. event)
redis.call('ZREMRANGEBYRANK', removedEntries, 0, -tonumber(remembered) - 1)
appendToFeed(feed, meta, event, '', now, keep)
return 1
