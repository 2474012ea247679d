# The dashboard as a service of Windows, by WinSW (one program, MIT licence). Run in PowerShell as administrator:
#   .\deploy\windows-service.ps1 -Program C:\pmqa -Data D:\pmqa -Wrapper C:\Downloads\WinSW-x64.exe
param(
    [Parameter(Mandatory)] [string] $Program,
    [Parameter(Mandatory)] [string] $Data,
    [Parameter(Mandatory)] [string] $Wrapper,
    [string] $Administrator = "admin@example.go.th",
    [int] $Port = 8501
)
$ErrorActionPreference = "Stop"
New-Item -ItemType Directory -Force $Data | Out-Null

# The folder holds every agency's answers, and the key of the commands' door: for the service and administrators alone.
icacls $Data /inheritance:r /grant "*S-1-5-19:(OI)(CI)M" "*S-1-5-32-544:(OI)(CI)F" | Out-Null
icacls $Program /grant "*S-1-5-19:(OI)(CI)RX" | Out-Null

Copy-Item $Wrapper (Join-Path $Program "pmqa-service.exe") -Force
@"
<service>
  <id>pmqa</id>
  <name>PMQA 4.0 dashboard</name>
  <description>PMQA 4.0 dashboard</description>
  <executable>$Program\.venv\Scripts\python.exe</executable>
  <arguments>-m uvicorn asgi:app --host 127.0.0.1 --port $Port --log-level warning</arguments>
  <workingdirectory>$Program</workingdirectory>
  <env name="PMQA_DATABASE" value="$Data\pmqa.duckdb"/>
  <env name="PMQA_LOG" value="$Data\pmqa.log"/>
  <env name="PMQA_ADMIN" value="$Administrator"/>
  <env name="PYTHONUTF8" value="1"/>
  <serviceaccount><username>NT AUTHORITY\LocalService</username></serviceaccount>
  <onfailure action="restart" delay="5 sec"/>
  <stoptimeout>30 sec</stoptimeout>
  <log mode="roll"/>
</service>
"@ | Set-Content -Encoding utf8 (Join-Path $Program "pmqa-service.xml")
& (Join-Path $Program "pmqa-service.exe") install
& (Join-Path $Program "pmqa-service.exe") start

# A checked copy every night at two, by the same account.
$backup = New-ScheduledTaskAction -Execute "$Program\.venv\Scripts\python.exe" -WorkingDirectory $Program `
    -Argument "-m pmqa backup `"$Data\backups`" --database `"$Data\pmqa.duckdb`""
Register-ScheduledTask -TaskName "PMQA backup" -Action $backup -Force `
    -Trigger (New-ScheduledTaskTrigger -Daily -At 2am) `
    -Principal (New-ScheduledTaskPrincipal -UserId "NT AUTHORITY\LocalService" -LogonType ServiceAccount) | Out-Null
