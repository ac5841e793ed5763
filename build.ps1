# Finds or installs the .NET SDK of global.json, builds build/, and runs it with every argument.
$ErrorActionPreference = 'Stop'

$root = $PSScriptRoot
$ownSdk = Join-Path $root '.dotnet'
$windows = [System.IO.Path]::DirectorySeparatorChar -eq '\'
$executable = if ($windows) { 'dotnet.exe' } else { 'dotnet' }
$env:DOTNET_CLI_TELEMETRY_OPTOUT = '1'
$env:DOTNET_NOLOGO = '1'
$env:DOTNET_SKIP_FIRST_TIME_EXPERIENCE = '1'

# The first one with an SDK that fits global.json, which is looked for from the current folder upwards.
function Find-Sdk {
    $candidates = @(Join-Path $ownSdk $executable)
    if ($env:DOTNET_ROOT) { $candidates += Join-Path $env:DOTNET_ROOT $executable }
    $onPath = Get-Command dotnet -CommandType Application -ErrorAction SilentlyContinue | Select-Object -First 1
    if ($onPath) { $candidates += $onPath.Source }
    foreach ($candidate in $candidates) {
        if (-not (Test-Path $candidate)) { continue }
        Push-Location $root
        try {
            # Windows PowerShell makes an error of whatever a program writes to its error stream.
            $ErrorActionPreference = 'Continue'
            & $candidate --version 2>$null | Out-Null
            if ($LASTEXITCODE -eq 0) { return $candidate }
        }
        finally { Pop-Location }
    }
    return $null
}

function Install-Sdk {
    $wanted = (Get-Content (Join-Path $root 'global.json') -Raw | ConvertFrom-Json).sdk.version
    $name = if ($windows) { 'dotnet-install.ps1' } else { 'dotnet-install.sh' }
    $script = Join-Path ([System.IO.Path]::GetTempPath()) ([System.IO.Path]::GetRandomFileName() + $name)
    Write-Host "The .NET SDK $wanted is missing: installing it into $ownSdk."
    try {
        [Net.ServicePointManager]::SecurityProtocol = [Net.ServicePointManager]::SecurityProtocol -bor [Net.SecurityProtocolType]::Tls12
        Invoke-WebRequest "https://dot.net/v1/$name" -OutFile $script -UseBasicParsing
        if ($windows) { & $script -Version $wanted -InstallDir $ownSdk -NoPath }
        else { & bash $script --version $wanted --install-dir $ownSdk --no-path }
    }
    catch {
        throw "Installing the .NET SDK $wanted failed: $_ Install it from https://dotnet.microsoft.com/download and run this again."
    }
    finally { Remove-Item $script -ErrorAction SilentlyContinue }
}

$dotnet = Find-Sdk
if (-not $dotnet) {
    Install-Sdk
    $dotnet = Find-Sdk
    if (-not $dotnet) { throw 'The .NET SDK was installed, but does not run.' }
}

Push-Location $root
try {
    $ErrorActionPreference = 'Continue'
    $log = & $dotnet build build/Build.csproj -c Release -v quiet '-clp:NoSummary' 2>&1
    $built = $LASTEXITCODE
}
finally { Pop-Location }
if ($built -ne 0) {
    $log | ForEach-Object { Write-Host $_ }
    Write-Host 'The build itself does not compile; its errors are above.'
    exit 1
}

$env:DOTNET_ROOT = Split-Path $dotnet
& $dotnet (Join-Path $root 'build/bin/Release/net10.0/Build.dll') @args
exit $LASTEXITCODE
