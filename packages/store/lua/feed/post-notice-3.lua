#!lua flags=allow-oom
-- Appends an event of a back end to a dialect's feed, once for its id, and publishes it to all nodes.
-- KEYS: 1 feed  2 meta  3 feedNotice
-- ARGV: 1 event (JSON)  2 now (ms)  3 keep (entries, bytes)  4 since (entries older than this are removed, ms; '' none)
--       5 deadline (ms: it does nothing when it arrives later)  6 remembered (for how long the id is, ms)
-- Returns the entry's id
-- Errors: -10 leaseOver: it is too late
local feed, meta, feedNotice = unpack(KEYS)
local event, now, keep, since, deadline, remembered = unpack(ARGV)
if isOver(deadline) then return -10 end
local known = redis.call('GET', feedNotice)
if known then return known end
local id = appendToFeed(feed, meta, event, '', now, keep)
redis.call('SET', feedNotice, id, 'PX', remembered)
if since ~= '' then redis.call('XTRIM', feed, 'MINID', since) end
return id
