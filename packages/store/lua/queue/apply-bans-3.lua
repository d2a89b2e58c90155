#!lua flags=allow-oom
-- Brings a queue's bans from one revision of the cluster's bans to a later one: by the changes between the two, or by
-- the whole list, which takes the place of what is there. Bans that are as new already stay as they are. Shadows that
-- come or go are a change of the queue, too, which its matchmaker has to know.
-- KEYS: 1 banned  2 meta  3 changes
-- ARGV: 1 before (the revision that the changes follow; '' they are the whole list)  2 revision
--       3 changed (JSON: a field, when its ban ends (Unix ms; 'never'; '' it is lifted), the next field …)
-- Returns the revision of the queue's bans
local banned, meta, changes = unpack(KEYS)
local before, revision, changed = unpack(ARGV)
local current = redis.call('HGET', banned, 'revision') or '0'
if tonumber(current) >= tonumber(revision) or (before ~= '' and before ~= current) then return current end
local function isShadow(field) return string.find(field, 'shadow-', 1, true) == 1 end
local hadShadows = false
if before == '' then
  for _, field in ipairs(redis.call('HKEYS', banned)) do hadShadows = hadShadows or isShadow(field) end
  redis.call('DEL', banned)
end
-- How many bans of networks there are of each length: a pairing looks for these lengths only.
local lengths = cjson.decode(redis.call('HGET', banned, 'lengths') or '{}')
local list = cjson.decode(changed)
local shadows = {}
for i = 1, #list, 2 do
  local field, over = list[i], list[i + 1]
  local added = over == '' and -redis.call('HDEL', banned, field) or redis.call('HSET', banned, field, over)
  local bits = string.match(field, '^[%l-]+:network:(.*)$')
  if bits and added ~= 0 then
    local length = tostring(#bits)
    local count = (lengths[length] or 0) + added
    lengths[length] = count > 0 and count or nil
  end
  if isShadow(field) then
    shadows[#shadows + 1] = field
    shadows[#shadows + 1] = over
  end
end
redis.call('HSET', banned, 'revision', revision, 'lengths', cjson.encode(lengths))
if #shadows == 0 and not hadShadows then return revision end
local change = redis.call('HINCRBY', meta, 'revision', 1)
local kind = before == '' and 'all-shadows' or 'shadows'
redis.call('SPUBLISH', changes, cjson.encode({ change, kind, shadows }))
return revision
