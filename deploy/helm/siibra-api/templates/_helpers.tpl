{{- define "siibra-api.labels" -}}
app.kubernetes.io/name: siibra-api
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- define "siibra-api.selector" -}}
app.kubernetes.io/name: siibra-api
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "siibra-api.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{- define "siibra-api.env" -}}
{{- $valkey := printf "redis://%s-valkey:6379" .Release.Name -}}
- name: SIIBRA_API_VERSION
  value: {{ .Values.image.tag | default .Chart.AppVersion | quote }}
{{- if or .Values.valkey.enabled .Values.brokerUrl }}
- name: SIIBRA_API_CELERY_BROKER
  value: {{ .Values.brokerUrl | default $valkey | quote }}
{{- end }}
{{- if .Values.resultUrl }}
- name: SIIBRA_API_CELERY_RESULT
  value: {{ .Values.resultUrl | quote }}
{{- end }}
{{- if .Values.queueBrokers }}
{{- $brokers := list }}
{{- range $queue, $url := .Values.queueBrokers }}
{{- $brokers = append $brokers (printf "%s=%s" $queue $url) }}
{{- end }}
- name: SIIBRA_API_QUEUE_BROKERS
  value: {{ join "," $brokers | quote }}
{{- end }}
{{- if .Values.cacheUrl }}
- name: SIIBRA_API_CACHE_URL
  value: {{ .Values.cacheUrl | quote }}
{{- end }}
{{- range $name, $value := .Values.env }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
{{- end }}

{{- define "siibra-api.volumeMounts" -}}
- {name: cache, mountPath: /var/cache/siibra-api}
- {name: shared, mountPath: /var/lib/siibra-api}
- {name: tmp, mountPath: /tmp}
{{- end }}

{{- define "siibra-api.volumes" -}}
- name: cache
  emptyDir: {sizeLimit: {{ .Values.cacheSize }}}
- name: tmp
  emptyDir: {}
- name: shared
{{- if .Values.shared.enabled }}
  persistentVolumeClaim: {claimName: {{ .Release.Name }}-shared}
{{- else }}
  emptyDir: {}
{{- end }}
{{- end }}

{{- define "siibra-api.podSecurity" -}}
runAsNonRoot: true
runAsUser: 1000
fsGroup: 1000
seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "siibra-api.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end }}
