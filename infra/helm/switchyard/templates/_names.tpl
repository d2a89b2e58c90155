{{- define "switchyard.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 40 | trimSuffix "-" -}}
{{- end }}

{{- define "switchyard.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- $name := include "switchyard.name" . -}}
{{- ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end }}

{{- /* Labels by which a component's pods are found. Arguments: the root, the component. */ -}}
{{- define "switchyard.selector" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: {{ include "switchyard.name" $root }}
app.kubernetes.io/instance: {{ $root.Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end }}

{{- /* All recommended labels. Arguments: the root, the component. */ -}}
{{- define "switchyard.labels" -}}
{{- $root := index . 0 -}}
{{ include "switchyard.selector" . }}
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
app.kubernetes.io/part-of: switchyard
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name $root.Chart.Version }}
{{- end }}

{{- /* An image's reference. Arguments: the root, its name in `images`. */ -}}
{{- define "switchyard.image" -}}
{{- $root := index . 0 -}}
{{- $image := index $root.Values.images (index . 1) -}}
{{- if $image.digest -}}
{{- printf "%s@%s" $image.repository $image.digest -}}
{{- else -}}
{{- printf "%s:%s" $image.repository (default $root.Chart.AppVersion $image.tag) -}}
{{- end -}}
{{- end }}

{{- define "switchyard.hasOwnRedis" -}}
{{- if not (or .Values.redis.url .Values.redis.urlSecret.name) }}true{{ end -}}
{{- end }}

{{- /* The Service before the nodes: of the front, or of the nodes that are ready. */ -}}
{{- define "switchyard.entrance" -}}
{{- printf "%s-%s" (include "switchyard.fullname" .) (ternary "front" "signaling-ready" .Values.front.enabled) -}}
{{- end }}
