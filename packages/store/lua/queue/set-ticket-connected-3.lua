#!lua flags=allow-oom
-- Notes whether the session that owns a ticket is connected; if it is not, the ticket is not paired. An earlier epoch
-- changes nothing.
-- KEYS: 1 stamps  2 meta  3 changes
-- ARGV: 1 session  2 number (of its ticket)  3 epoch  4 connected ('1' or '0')
-- Returns 1 · 0 that ticket is not in the queue
-- Errors: -2 fenced: a later epoch has noted it
local stamps, meta, changes = unpack(KEYS)
local session, number, epoch, connected = unpack(ARGV)
local stamp = redis.call('HGET', stamps, session)
if not stamp then return 0 end
local queued, by = string.match(stamp, '^(%d+) (%d+)')
if queued ~= number then return 0 end
if tonumber(by) > tonumber(epoch) then return -2 end
stamp = number .. ' ' .. epoch .. ' ' .. connected
redis.call('HSET', stamps, session, stamp)
local revision = redis.call('HINCRBY', meta, 'revision', 1)
redis.call('SPUBLISH', changes, cjson.encode({ revision, 'stamp', session, stamp }))
return 1
