#!lua
-- Appends an event of a session to the dialect's feed, in the feed's one order, and publishes it to all nodes.
-- KEYS: 1 feed  2 meta  3 sessions
-- ARGV: 1 event (JSON)  2 except (session that does not get it; '' none)  3 now (ms)  4 keep (entries, bytes)
--       5 since (entries older than this are removed, ms; '' none)  6 sender (session)  7 epoch (the sender's)
--       8 lease (end of that of the sender's node, ms; '' none)
-- Returns the entry's id
-- Errors: -2 fenced: the sender has posted in a later epoch, or is not counted in the dialect
--   · -10 leaseOver
local feed, meta, sessions = unpack(KEYS)
local event, except, now, keep, since, sender, epoch, lease = unpack(ARGV)
if isOver(lease) then return -10 end
local newest = redis.call('HGET', sessions, sender)
if not newest or not passesFence(sessions, sender, epoch, newest ~= '' and newest) then return -2 end
local id = appendToFeed(feed, meta, event, except, now, keep)
if since ~= '' then redis.call('XTRIM', feed, 'MINID', since) end
return id
