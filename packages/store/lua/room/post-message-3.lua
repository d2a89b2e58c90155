#!lua
-- Keeps a chat message in the room's one order, and returns the sessions to deliver it to. In a room that clients name
-- it counts as a change. Once a session has posted in a later epoch, an earlier one is refused: what a stalled node
-- still holds can't come late.
-- KEYS: 1 meta  2 peers  3 chat
-- ARGV: 1 sender (session)  2 message (JSON)  3 keep (messages)  4 epoch (the sender's)
--       5 lease (end of that of the sender's node, ms; '' none)  6 bytes (of messages to keep)
-- Returns { id, room's revision ('' for a pair), session … }
-- Errors: -2 fenced: the sender has posted in a later epoch · -3 absent: the sender is not in that room, or it is
--   closing · -10 leaseOver
local meta, peers, chat = unpack(KEYS)
local sender, message, keep, epoch, lease, bytes = unpack(ARGV)
if isOver(lease) then return -10 end
local fence = FENCE .. sender
local state, revision, newest = unpack(redis.call('HMGET', meta, 'state', 'revision', fence))
if state ~= 'open' or redis.call('HEXISTS', peers, sender) == 0 then return -3 end
if not passesFence(meta, fence, epoch, newest) then return -2 end
local sum = redis.call('HINCRBY', meta, 'said', #message)
local id = redis.call('XADD', chat, 'MAXLEN', '~', keep, '*', 'm', message, 'b', sum - #message)
trimToBytes(chat, bytes, sum)
if revision then revision = string.format('%.0f', redis.call('HINCRBY', meta, 'revision', 1)) end
return { id, revision or '', unpack(redis.call('HKEYS', peers)) }
